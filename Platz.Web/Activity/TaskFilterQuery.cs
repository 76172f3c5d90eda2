using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Api;

namespace Platz.Web.Activity;

/// <summary>
/// A filter of tasks as it stands in the address of a page, an export or an API list. Whatever cannot be read is told in
/// <see cref="Problems"/> and left out of the filter.
/// </summary>
/// <param name="Problems">By the name of the parameter.</param>
public sealed record TaskFilterQuery(TaskFilter Filter, IReadOnlyList<FieldError> Problems)
{
    public const string Status = "status";
    public const string Operation = "op";
    public const string Actor = "actor";
    public const string Kind = "kind";
    public const string Cluster = "cluster";
    public const string Deployment = "deployment";
    public const string From = "from";
    public const string To = "to";
    public const string Text = "q";

    /// <summary>Values of one parameter.</summary>
    public const int MostValues = 50;

    public const int LongestText = 200;

    private const string Day = "yyyy-MM-dd";
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <param name="query">The query of an address, with or without its question mark.</param>
    public static TaskFilterQuery Parse(string? query) => Parse(QueryHelpers.ParseQuery(query));

    public static TaskFilterQuery Parse(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var reader = new Reader(query.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
        var filter = new TaskFilter
        {
            Statuses = reader.Many(Status, $"one of {string.Join(", ", Enum.GetNames<DeploymentTaskStatus>())}",
                text => Known(text, Enum.GetNames<DeploymentTaskStatus>()) is { } name
                    ? (true, Enum.Parse<DeploymentTaskStatus>(name)) : default),
            OpKinds = reader.Many(Operation, $"one of {string.Join(", ", OperationJson.Kinds)}",
                text => Known(text, OperationJson.Kinds) is { } kind ? (true, kind) : default),
            Actors = reader.Many(Actor, "user:ID, bot:ID or deployment:ID", ReadActor),
            KindNames = reader.Many(Kind, $"a name of at most {LongestText} characters",
                text => (text.Length <= LongestText, text)),
            ClusterIds = reader.Many(Cluster, "an id (UUID)", ReadId),
            DeploymentIds = reader.Many(Deployment, "an id (UUID)", ReadId),
            CreatedFrom = reader.One(From, "a day or a time in UTC, 2026-01-31 or 2026-01-31T12:00:00Z",
                text => ReadTime(text, wholeDay: false)),
            CreatedTo = reader.One(To, "a day or a time in UTC, 2026-01-31 or 2026-01-31T12:00:00Z",
                text => ReadTime(text, wholeDay: true)),
            Text = reader.Many(Text, $"one text of at most {LongestText} characters",
                text => (text.Length <= LongestText, text), most: 1).FirstOrDefault(),
        };
        return new TaskFilterQuery(filter, reader.Problems);
    }

    /// <summary>What <see cref="Parse(string?)"/> reads: without a question mark, empty for a filter of nothing.</summary>
    public static string Write(TaskFilter filter)
    {
        IEnumerable<(string Name, string Value)> parts =
        [
            .. filter.Statuses.Select(s => (Status, s.ToString())),
            .. filter.OpKinds.Select(o => (Operation, o)),
            .. filter.Actors.Select(a => (Actor, Write(a))),
            .. filter.KindNames.Select(k => (Kind, k)),
            .. filter.ClusterIds.Select(c => (Cluster, c.ToString())),
            .. filter.DeploymentIds.Select(d => (Deployment, d.ToString())),
        ];
        parts = filter.CreatedFrom is { } from ? parts.Append((From, Write(from, wholeDay: false))) : parts;
        parts = filter.CreatedTo is { } to ? parts.Append((To, Write(to, wholeDay: true))) : parts;
        parts = string.IsNullOrWhiteSpace(filter.Text) ? parts : parts.Append((Text, filter.Text));
        return string.Join('&', parts.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));
    }

    /// <summary>As in <c>actor=user:ID</c>.</summary>
    public static string Write(ActorRef actor) =>
        $"{Enum.GetName(actor.Kind)!.ToLowerInvariant()}:{actor.Id}";

    private static (bool, ActorRef) ReadActor(string text) =>
        text.Split(':') is [var kind, var id] && Known(kind, Enum.GetNames<ActorKind>()) is { } name
            && Guid.TryParseExact(id, "D", out var found)
            ? (true, new ActorRef(Enum.Parse<ActorKind>(name), found))
            : default;

    private static (bool, Guid) ReadId(string text) => (Guid.TryParseExact(text, "D", out var id), id);

    /// <summary>A plus that was not escaped arrives as a space; the day up to which is meant with all its hours.</summary>
    private static (bool, DateTimeOffset?) ReadTime(string text, bool wholeDay)
    {
        if (DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return wholeDay && day == DateOnly.MaxValue
                ? default
                : (true, new DateTimeOffset(day.AddDays(wholeDay ? 1 : 0), TimeOnly.MinValue, TimeSpan.Zero));
        }

        return IsoTime.ParseLoosely(text) is { } time ? (true, time) : default;
    }

    private static string Write(DateTimeOffset time, bool wholeDay)
    {
        var utc = time.ToUniversalTime();
        return (utc.TimeOfDay == TimeSpan.Zero, wholeDay) switch
        {
            (true, true) when utc > DateTimeOffset.MinValue => utc.AddDays(-1).ToString(Day, CultureInfo.InvariantCulture),
            (true, false) => utc.ToString(Day, CultureInfo.InvariantCulture),
            _ => utc.ToString(Time, CultureInfo.InvariantCulture),
        };
    }

    private static string? Known(string text, IEnumerable<string> names) =>
        names.FirstOrDefault(n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase));

    private sealed class Reader(Dictionary<string, StringValues> query)
    {
        private readonly List<FieldError> _problems = [];

        public IReadOnlyList<FieldError> Problems => _problems;

        public T? One<T>(string name, string expected, Func<string, (bool, T?)> read) where T : struct =>
            Many(name, expected, read, most: 1).FirstOrDefault();

        public List<T> Many<T>(
            string name, string expected, Func<string, (bool Ok, T Value)> read, int most = MostValues)
        {
            var texts = (query.TryGetValue(name, out var values) ? values.ToArray() : [])
                .Select(text => text?.Trim() ?? "").Where(text => text.Length > 0).Distinct().ToList();
            var found = texts.Select(text => text.Contains('\0') ? default : read(text)).ToList();
            if (found.Exists(f => !f.Ok))
            {
                _problems.Add(new FieldError(name, $"This must be {expected}."));
            }

            if (texts.Count > most)
            {
                _problems.Add(new FieldError(name, most == 1 ? "Give this once." : $"Give at most {most} of these."));
            }

            return [.. found.Where(f => f.Ok).Take(most).Select(f => f.Value)];
        }
    }
}
