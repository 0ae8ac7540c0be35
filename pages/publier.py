"""Publier : du fichier d'un service aux données ouvertes, en six étapes."""

from functools import partial

import streamlit as st

from connectors import datagouv_publish, local_file, refresh, schema_fetch
from diagnostics import effects
from diagnostics.conformity import validate
from diagnostics.consolidation import Sent
from diagnostics.indicators import compute
from diagnostics.mapping import (
    carry,
    choices,
    personal,
    propose,
    recognise,
    units,
    values,
    wanted,
)  # fmt: skip
from diagnostics.shown import shown
from restitution import consolidated
from restitution.publication import consents, package, quality, risks, to_publish
from restitution.publication import vocabularies as words
from ui import frame, publish, publish_compare, publish_drawn, publish_room, who

territory = frame.territory()
store = frame.store(refresh.ready_store)
day = frame.today()
assessed = partial(frame.kept, shown, store, territory, day, who.internal())
tools = publish_room.Tools(
    recognise=recognise.recognise,
    propose=propose.propose,
    choices_of=choices.choices_of,
    carried=carry.carried,
    flags=personal.flags,
    vulnerable=personal.vulnerable,
    validate=validate.validate_table,
    schema_at=schema_fetch.schema,
    package=publish_room.Package(
        to_publish.ToPublish, to_publish.metadata_of, consents.consents_of, risks.risks,
        package.built, package.notice, quality.points, words.FREQUENCIES, words.LICENCES,
    ),
    bring=local_file.bring,
    push=datagouv_publish.push,
    notice=datagouv_publish.Notice,
    effects=partial(effects.around, assessed),
    figures=partial(frame.kept, compute, store, territory),
    units=units.told, conversions=units.conversions,
    wanted=wanted.with_wanted_words,
    values=values.value_proposals, certain=values.certain,
)  # fmt: skip

st.title(f"Publier les données {frame.of(territory)}")
room = publish_room.Room(store, territory, day, tools)
comparing = (consolidated.sent, consolidated.files, Sent, consolidated.NotConsolidable)
compare = partial(publish_compare.draw, room, publish_compare.Tools(*comparing))
publish.draw(room, publish_drawn.DEPOSIT, publish_drawn.STEPS, compare)
