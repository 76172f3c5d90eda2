using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Platz.Core.Audit;
using Platz.Core.Deployments;
using Platz.Web.Activity;

namespace Platz.Web.Audit;

/// <summary>
/// What the address of an audit page, or of a file of it, asks for. A page leaves out what cannot be read; a file is
/// refused then, as it would say nothing of it.
/// </summary>
public sealed record AuditQuery
{
    public const string ActorName = "actor";
    public const string ActionName = "action";
    public const string OutcomeName = "outcome";
    public const string EnvName = "env";

    /// <summary>A time range that moves with the clock: see <see cref="TimeRanges"/>.</summary>
    public const string RangeName = "range";

    public const string FromName = "from";
    public const string ToName = "to";

    /// <summary>What is older than an event alone.</summary>
    public const string BeforeName = "before";

    private static readonly string[] s_names =
        [ActorName, ActionName, OutcomeName, EnvName, RangeName, FromName, ToName, BeforeName];

    private AuditQuery()
    {
    }

    public required AuditFilter Filter { get; init; }

    public required long? Before { get; init; }

    public required IReadOnlyList<FieldError> Problems { get; init; }

    private IReadOnlyDictionary<string, string> Parts { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it leaves anything out but what is newer.</summary>
    public bool IsFilter => Parts.Keys.Any(name => name != BeforeName);

    /// <param name="query">With or without its question mark.</param>
    public static AuditQuery Parse(string? query)
    {
        var read = QueryHelpers.ParseQuery(query);
        var given = s_names.Select(name => (Name: name, Value: read.GetValueOrDefault(name).ToString()))
            .Where(part => part.Value.Length > 0).ToList();
        var parts = given.Where(part => IsReadable(part.Name, part.Value)).ToDictionary(p => p.Name, p => p.Value);
        return new AuditQuery
        {
            Parts = parts,
            Before = parts.TryGetValue(BeforeName, out var before) ? long.Parse(before, CultureInfo.InvariantCulture) : null,
            Problems = [.. given.Where(part => !parts.ContainsKey(part.Name))
                .Select(part => new FieldError(part.Name, "There is no such choice."))],
            Filter = new AuditFilter
            {
                ActorId = parts.TryGetValue(ActorName, out var actor) ? Guid.Parse(actor) : null,
                EnvId = parts.TryGetValue(EnvName, out var env) ? Guid.Parse(env) : null,
                Action = parts.GetValueOrDefault(ActionName),
                Outcome = parts.TryGetValue(OutcomeName, out var outcome) ? Enum.Parse<AuditOutcome>(outcome) : null,
                From = parts.TryGetValue(FromName, out var from) ? Time(from) : null,
                To = parts.TryGetValue(ToName, out var to) ? Time(to) : null,
            },
        };
    }

    /// <summary>An action, or the beginning of several up to their dot.</summary>
    public static bool IsAction(string text) =>
        AuditAction.All.Contains(text) || AuditActionGroups.All.Any(group => group.Prefix == text);

    public string? Get(string name) => Parts.GetValueOrDefault(name);

    /// <summary>From the newest on.</summary>
    /// <param name="value">Null or empty for all.</param>
    public AuditQuery Set(string name, string? value) => Of(Parts
        .Where(part => part.Key != name && part.Key != BeforeName)
        .Concat(value is { Length: > 0 } ? [KeyValuePair.Create(name, value)] : []));

    /// <param name="before">Null for the newest.</param>
    public AuditQuery Until(long? before) => before is { } seq
        ? Of(Parts.Where(part => part.Key != BeforeName)
            .Append(KeyValuePair.Create(BeforeName, seq.ToString(CultureInfo.InvariantCulture))))
        : Set(BeforeName, null);

    /// <summary>Without a question mark; empty for everything.</summary>
    public string Write() => string.Join('&', Parts.Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value)}"));

    /// <summary>What the database is asked for now.</summary>
    /// <param name="env">The one that the page is about, whatever the address says.</param>
    public AuditFilter At(DateTimeOffset now, TimeZoneInfo zone, Guid? env) => Filter with
    {
        EnvId = env ?? Filter.EnvId,
        From = Get(RangeName) is { } range ? TimeRanges.From(range, now, zone) : Filter.From,
    };

    private static AuditQuery Of(IEnumerable<KeyValuePair<string, string>> parts) =>
        Parse(string.Join('&', parts.Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value)}")));

    private static bool IsReadable(string name, string value) => name switch
    {
        ActorName or EnvName => Guid.TryParse(value, out _),
        ActionName => IsAction(value),
        OutcomeName => Enum.GetNames<AuditOutcome>().Contains(value),
        RangeName => TimeRanges.All.Any(range => range.Value == value),
        FromName or ToName => Time(value) is not null,
        _ => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
    };

    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? time
        : null;
}
