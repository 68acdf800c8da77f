"""What must hold of clusters and of the methods that allow for them."""

from collections.abc import Mapping

from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.named_specifications import specification_named
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.tables.raw_tables import Table, rows, text, texts


def complain_of_clusters(raw: Table, complaints: Complaints) -> None:
    """Add a complaint for each method that the clusters of the trial are not for."""
    _clusters_are_described(raw, complaints)
    _clusters_are_not_of_all_arms_by_name(raw, complaints)


def _clusters_are_not_of_all_arms_by_name(raw: Table, complaints: Complaints) -> None:
    """Arms that have clusters are named where others have none."""
    clusters = raw.get("clusters")
    named = texts(clusters, "arms") if isinstance(clusters, Mapping) else []
    known = {text(each, "code") for _, each in rows(raw, "arms")}
    if named and known <= set(named):
        complaints.add(
            table="clusters",
            key="arms",
            found="the codes of all arms",
            expected="those of the arms that have clusters where others have none; where all have "
            "clusters, leave 'arms' out",
        )


def _clusters_are_described(raw: Table, complaints: Complaints) -> None:
    """A method that allows for clusters needs a trial that says what they are."""
    for table, each in rows(raw, "analyses"):
        specification = specification_named(text(each, "method"))
        if specification and specification.READS_CLUSTERS and "clusters" not in raw:
            complaints.add(
                table=table,
                key="method",
                found=f"{shown(text(each, 'method'))}, and no [clusters]",
                expected="a table [clusters] that says what the clusters are, or another method",
            )
        elif specification and specification.READS_CLUSTERS:
            _clusters_are_where_the_method_has_them(table, each, specification, raw, complaints)


def _clusters_are_where_the_method_has_them(
    table: str,
    analysis: Table,
    specification: type[Specification],
    raw: Table,
    complaints: Complaints,
) -> None:
    """Clusters of every arm, or of some, have methods of their own."""
    clusters = raw["clusters"]
    in_some = bool(clusters.get("arms")) if isinstance(clusters, Mapping) else False
    if in_some is specification.CLUSTERS_IN_SOME_ARMS:
        return
    fitting = [
        method.value
        for method, kind in SPECIFICATIONS.items()
        if kind.READS_CLUSTERS and kind.CLUSTERS_IN_SOME_ARMS is in_some
    ]
    where = "clusters in some of the arms" if in_some else "clusters in every arm"
    complaints.add(
        table=table,
        key="method",
        found=f"{shown(text(analysis, 'method'))}, and [clusters] with {where}",
        expected=f"{' or '.join(fitting)}, or other 'arms' in [clusters]",
    )
