using Npgsql;

namespace Platz.Core.Tasks;

/// <summary>
/// The statements that read a list of tasks: along one index, or several merged, from the newest task to older ones,
/// filtered on the way by columns that the index carries. Chosen by <see cref="TaskPaths"/>.
/// </summary>
internal sealed record TaskWalk
{
    /// <summary>
    /// So many entries are looked at when a filter is more than the index answers: what takes some 30 ms, and less than
    /// 100 on a slow machine. What matches and is older is found by a filter that ends where this one gave up.
    /// </summary>
    private const int MostOfOne = 55_000;

    /// <summary>Merging costs more than looking.</summary>
    private const int MostMerged = 38_000;

    private const string NewestFirst = "ORDER BY created_at DESC, id DESC"; // the indexes ascend, and are read backwards
    internal const string NewestOfT = " ORDER BY t.created_at DESC, t.id DESC";

    /// <summary>Parts that hold one index each in order; none where nothing can match.</summary>
    public required IReadOnlyList<TaskBranch> Branches { get; init; }

    /// <summary>What the indexes do not answer, as conditions on the columns of <see cref="Columns"/>.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    public IReadOnlyList<string> Columns { get; init; } = [];

    public required SqlValues Values { get; init; }

    /// <summary>Everything is looked at.</summary>
    public bool IsWhole => Rest.Count == 0;

    /// <summary>So many entries are looked at.</summary>
    public int Bound { get => field > 0 ? field : Branches.Count == 1 ? MostOfOne : MostMerged; init; }

    private string Filter => Rest.Count == 0 ? "true" : string.Join(" AND ", Rest);

    /// <summary>
    /// Ids of one page with the number of all that match, as far as <paramref name="most"/> and one more, the time of
    /// the newest, and of the last entry that was looked at where there are more; a page past the end becomes the last.
    /// One pass along the index, whichever page. One row at least, without an id where nothing matches.
    /// </summary>
    public string Page(int skip, int take, int most) => $"""
        WITH found AS MATERIALIZED (
            SELECT id, created_at, matches, is_last, row_number() OVER ({NewestFirst}) AS place
            FROM {Marked(most + 1)} AS marked WHERE matches OR is_last {NewestFirst} LIMIT {most + 1}),
        found_in_all AS (
            SELECT count(*) FILTER (WHERE matches) AS total, max(created_at) FILTER (WHERE matches) AS newest,
                max(created_at) FILTER (WHERE is_last) AS searched_to
            FROM found),
        page AS (
            SELECT *, least({Values.Add((long)skip)}, greatest(0, (least(total, {most}) - 1) / {take} * {take})) AS skip
            FROM found_in_all)
        SELECT found.id, page.total, page.newest, page.searched_to, page.skip FROM page LEFT JOIN found
            ON found.matches AND found.place > page.skip AND found.place <= page.skip + {take}
        ORDER BY found.place
        """;

    /// <summary>The first that match, and the last entry that was looked at where there are more.</summary>
    public string Slice(int take) => $"""
        SELECT id, created_at, matches, is_last FROM {Marked(take)} AS marked WHERE matches OR is_last
        {NewestFirst} LIMIT {take}
        """;

    /// <summary>What <see cref="NewestTask"/> holds of the first.</summary>
    public string Newest(int take) => $"""
        SELECT deployment_id, created_at, trouble IS NOT DISTINCT FROM 'Failed' AS failed
        FROM {Walked(take, [.. Columns.Union(["deployment_id", "trouble"])])} WHERE {Filter} {NewestFirst} LIMIT {take}
        """;

    public string Count(int most) => $"""
        SELECT count(*)::int AS "Value" FROM (SELECT FROM {Walked(most)} WHERE {Filter} LIMIT {most}) AS counted
        """;

    /// <summary>All that match, however long it takes.</summary>
    public string CountAll() => $"""
        SELECT coalesce(sum(part), 0)::int AS "Value" FROM (
            {Union(Branches.Select(b => $"SELECT count(*) AS part FROM {b.All} AND {Filter}"))}) AS parts
        """;

    /// <summary>Ids of any page of all that match, however long it takes.</summary>
    public string PageOfAll(int skip, int take) => $"""
        SELECT id AS "Value" FROM (
            {Union(Branches.Select(b =>
                $"(SELECT t.id, t.created_at FROM {b.All} AND {Filter}{NewestOfT} LIMIT {Values.Add((long)skip + take)})"))}) AS t
        {NewestFirst} OFFSET {Values.Add(skip)} LIMIT {Values.Add(take)}
        """;

    /// <summary>Whole tasks, in no order.</summary>
    public string Rows() => Union(Branches.Select(b => $"SELECT t.* FROM {b.All} AND {Filter}"));

    /// <summary>Each entry with whether it matches, and whether it is the last that may be looked at.</summary>
    private string Marked(int needed) => IsWhole
        ? $"(SELECT id, created_at, true AS matches, false AS is_last FROM {Walked(needed)})"
        : $"""
            (SELECT id, created_at, ({Filter}) IS TRUE AS matches, row_number() OVER ({NewestFirst}) = {Bound} AS is_last
                FROM {Walked(needed)})
            """;

    private string Walked(int needed, IReadOnlyList<string>? carried = null)
    {
        // A filter outside of the limit cannot tempt the planner away from the index that has the order.
        var limit = IsWhole ? needed : Bound;
        var columns = string.Concat((carried ?? Columns).Select(c => $", t.{c}"));
        var parts = Branches.Select(b =>
            $"(SELECT t.id, t.created_at{columns} FROM {b.All}{NewestOfT} LIMIT {limit})");
        return Branches.Count == 1
            ? $"{parts.Single()} AS t"
            : $"(SELECT * FROM ({Union(parts)}) AS merged {NewestFirst} LIMIT {limit}) AS t";
    }

    private static string Union(IEnumerable<string> parts) => string.Join("\nUNION ALL ", parts);
}

/// <summary>Tasks that one index has in order of time.</summary>
/// <param name="Where">What the index answers.</param>
internal sealed record TaskBranch(string Where, string From = TaskBranch.Tasks)
{
    public const string Tasks = "deployment_tasks AS t";

    /// <summary>By the primary key alone, whatever the planner thinks of the size of the queue.</summary>
    public const string Queue = """
        task_queue AS q CROSS JOIN LATERAL (SELECT * FROM deployment_tasks WHERE id = q.task_id OFFSET 0) AS t
        """;

    public string All => $"{From} WHERE {Where}";
}

/// <summary>The values of a statement that is put together from parts.</summary>
internal sealed class SqlValues
{
    private readonly List<object> _values = [];

    /// <returns>What stands for the value in the statement.</returns>
    public string Add(object value)
    {
        _values.Add(value is DateTimeOffset time ? time.UtcDateTime : value);
        return $"@p{_values.Count - 1}";
    }

    /// <summary>Anew for each statement: a parameter belongs to one command.</summary>
    public object[] Parameters() => [.. _values.Select((value, i) => new NpgsqlParameter($"p{i}", value))];
}
