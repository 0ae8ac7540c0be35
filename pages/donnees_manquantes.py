"""Plan d'action : que faire d'abord, ce qui manque, le plan de l'équipe, son calendrier."""

from functools import partial

import streamlit as st

from connectors import refresh
from diagnostics.combination import of_town
from diagnostics.missing import gains, missing_data
from diagnostics.shown import shown
from restitution import action_plan as plan_file
from restitution import missing_list as file
from ui import action_plan, fetching, frame, missing_list, plan_calendar, shortest_path, who

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
assessment = frame.kept(shown, store, territory, day, who.internal())
combination = frame.kept(of_town, store, territory, day, who.internal())
missing, brought = missing_data(assessment), gains(assessment)
# What is taken away may be passed on: no typed word, whoever asks.
to_share = missing_data(frame.kept(shown, store, territory, day, False))
plan = action_plan.plan(store, territory, brought)

st.title(f"Plan d'action {frame.of(territory)}")
fetching.watch(refresh, territory)
shortest_path.introduction(combination, missing)
path, lacking, mine, calendar = action_plan.tabs()
with path:
    shortest_path.table(combination)
with lacking:
    missing_list.introduction(missing)
    missing_list.downloads(
        partial(file.as_csv, to_share),
        partial(file.as_xlsx, to_share, territory, day),
        [file.file_name(territory, day, kind) for kind in ("csv", "xlsx")],
    )
    missing_list.ranked(missing_list.of_project(missing), action_plan.planned(plan))
with mine:
    action_plan.mine(plan, store, territory, missing, brought, day)
    action_plan.downloads(
        plan,
        partial(plan_file.as_xlsx, gains=brought, place=territory, day=day),
        partial(plan_file.as_calendar, place=territory),
        [plan_file.file_name(territory, day, kind) for kind in ("xlsx", "ics")],
    )
with calendar:
    plan_calendar.months(plan, day)
frame.notice()
