using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Web.Activity;

/// <summary>
/// What the address of an Activity page asks for: a filter, as <see cref="TaskFilterQuery"/> reads it, and what only a
/// page has. What cannot be read is left out. Any change of the filter leads back to the first page.
/// </summary>
public sealed record ActivityQuery
{
    /// <summary>A time range that moves with the clock: see <see cref="TimeRanges"/>.</summary>
    public const string TimeRange = "range";

    /// <summary><c>by=bots</c>: by any bot.</summary>
    public const string By = "by";

    public const string Bots = "bots";

    /// <summary><c>view=deployments</c>: the deployments and not the tasks.</summary>
    public const string View = "view";

    public const string Deployments = "deployments";

    public const string PageName = "page";

    private static readonly string[] s_own = [TimeRange, By, View];

    private ActivityQuery()
    {
    }

    public static ActivityQuery Empty { get; } = Parse("");

    public required TaskFilter Filter { get; init; }

    public required IReadOnlyList<FieldError> Problems { get; init; }

    /// <summary>From 1.</summary>
    public required int Page { get; init; }

    /// <summary>All that is asked for but the page, in one order, for chips and addresses.</summary>
    public required IReadOnlyList<(string Name, string Value)> Parts { get; init; }

    public bool ByBots => Has(By, Bots);

    public bool ShowsDeployments => Has(View, Deployments);

    /// <summary>Whether it leaves anything out.</summary>
    public bool IsFilter => Parts.Any(part => part.Name != View);

    /// <param name="query">With or without its question mark.</param>
    public static ActivityQuery Parse(string? query)
    {
        var read = QueryHelpers.ParseQuery(query);
        var filter = TaskFilterQuery.Parse(read);
        var own = s_own.Select(name => (Name: name, Value: read.GetValueOrDefault(name).FirstOrDefault() ?? ""))
            .Where(IsKnown).ToList();
        var moves = own.Exists(part => part.Name == TimeRange);
        var kept = moves ? filter.Filter with { CreatedFrom = null, CreatedTo = null } : filter.Filter;
        return new ActivityQuery
        {
            Filter = kept,
            Problems = filter.Problems,
            Page = int.TryParse(read.GetValueOrDefault(PageName).FirstOrDefault(), out var page) ? Math.Max(1, page) : 1,
            Parts = [.. Split(TaskFilterQuery.Write(kept)), .. own],
        };
    }

    public bool Has(string name, string value) => Parts.Contains((name, value));

    public ActivityQuery Toggle(string name, string value) => Has(name, value)
        ? Without(name, value)
        : Of(Parts.Append((name, value)));

    public ActivityQuery Without(string name, string value) => Of(Parts.Where(part => part != (name, value)));

    /// <summary>In place of all other values of this name; a time range takes the place of the others too.</summary>
    /// <param name="value">Null for none.</param>
    public ActivityQuery Set(string name, string? value)
    {
        string[] replaced = name is TimeRange ? [TimeRange, TaskFilterQuery.From, TaskFilterQuery.To]
            : name is TaskFilterQuery.From or TaskFilterQuery.To ? [name, TimeRange] : [name];
        var rest = Parts.Where(part => !replaced.Contains(part.Name));
        return Of(value is null ? rest : rest.Append((name, value)));
    }

    /// <summary>The same of what is older than this.</summary>
    /// <param name="from">Where a range that moves with the clock begins now.</param>
    public ActivityQuery Until(DateTimeOffset end, DateTimeOffset? from)
    {
        var kept = from is { } start ? Set(TaskFilterQuery.From, Time(start)) : this;
        return kept.Set(TaskFilterQuery.To, Time(end));

        static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Nothing is left out; shown as before.</summary>
    public ActivityQuery Clear() => Of(Parts.Where(part => part.Name == View));

    /// <summary>Without a question mark; empty for everything.</summary>
    public string Write(int page = 1) => string.Join('&', Parts
        .Concat(page > 1 ? [(PageName, page.ToString(System.Globalization.CultureInfo.InvariantCulture))] : [])
        .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));

    /// <summary>What the database is asked for now.</summary>
    /// <param name="bots">Those meant by "any bot".</param>
    public TaskFilter At(DateTimeOffset now, TimeZoneInfo zone, IReadOnlyList<ActorRef> bots)
    {
        var range = Parts.FirstOrDefault(part => part.Name == TimeRange).Value;
        var filter = range is null ? Filter : Filter with { CreatedFrom = TimeRanges.From(range, now, zone) };
        return !ByBots ? filter : filter with
        {
            // No bots at all: then nothing is by one.
            Actors = [.. filter.Actors, .. bots.Count > 0 ? bots : [new ActorRef(ActorKind.Bot, Guid.Empty)]],
        };
    }

    private static bool IsKnown((string, string) part) => part switch
    {
        (TimeRange, var value) => TimeRanges.All.Any(range => range.Value == value),
        (By, Bots) or (View, Deployments) => true,
        _ => false,
    };

    private static ActivityQuery Of(IEnumerable<(string Name, string Value)> parts) => Parse(
        string.Join('&', parts.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}")));

    private static IEnumerable<(string, string)> Split(string query) =>
        from pair in QueryHelpers.ParseQuery(query)
        from value in pair.Value
        select (pair.Key, value);
}
