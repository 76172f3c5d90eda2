using System.Globalization;
using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>
/// What a chart's own endpoint says of a deployment (upstream-facts.md 5.5). It is foreign text: what is not as expected
/// is left out, what is too long is cut, and nothing in it can fail.
/// </summary>
public sealed record ReportedStatus
{
    /// <summary>Of metrics, and of notices; the rest is left out.</summary>
    public const int Most = 24;

    private const int MaxWord = 80;
    private const int MaxText = 2000;

    /// <summary>When the endpoint was asked last.</summary>
    public DateTimeOffset? At { get; private init; }

    /// <summary>Why it could not be asked then; null when it answered.</summary>
    public string? Error { get; private init; }

    public string? Name { get; private init; }

    public ReportedColor Color { get; private init; } = ReportedColor.Secondary;

    public ReportedMetric? PrimaryMetric { get; private init; }

    public IReadOnlyList<ReportedMetric> Metrics { get; private init; } = [];

    public IReadOnlyList<ReportedNotice> Notices { get; private init; } = [];

    /// <returns>Null when the deployment was never asked, or its chart reports nothing.</returns>
    public static ReportedStatus? Of(JsonObject? stored)
    {
        if (stored is null)
        {
            return null;
        }

        var content = stored["content"] as JsonObject;
        var status = content?["status"] as JsonObject;
        return new ReportedStatus
        {
            At = Time(stored["timestamp"]),
            Error = Text(stored["error"], MaxText)
                ?? (IsFalse(stored["get_successful"]) ? "It did not answer." : null),
            Name = Text(status?["name"], MaxWord),
            Color = OneOf(status?["color"], ReportedColor.Secondary),
            PrimaryMetric = Metric(content?["primary_metric"]),
            Metrics = [.. Items(content?["metrics"]).Select(Metric).OfType<ReportedMetric>().Take(Most)],
            Notices = [.. Items(content?["notices"]).Select(Notice).OfType<ReportedNotice>().Take(Most)],
        };
    }

    private static ReportedMetric? Metric(JsonNode? node) => node is JsonObject metric && Number(metric["value"]) is { } value
        ? new ReportedMetric(
            value, Text(metric["unit"], MaxWord), Text(metric["short_description"], MaxWord),
            OneOf(metric["color"], ReportedColor.Secondary))
        : null;

    private static ReportedNotice? Notice(JsonNode? node) =>
        node is JsonObject notice && Text(notice["text"], MaxText) is { } text
            ? new ReportedNotice(OneOf(notice["level"], NoticeLevel.Info), text)
            : null;

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    private static bool IsFalse(JsonNode? node) => JsonScalar.KindOf(node) is System.Text.Json.JsonValueKind.False;

    private static string? Text(JsonNode? node, int longest) => JsonScalar.Text(node)?.Trim() switch
    {
        null or "" => null,
        { } text when text.Length > longest => $"{text[..(longest - 1)]}…",
        var text => text,
    };

    /// <summary>Decimals come as texts, from some charts as numbers.</summary>
    private static decimal? Number(JsonNode? node) => JsonScalar.Number(node) ?? (decimal.TryParse(
        JsonScalar.Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null);

    private static DateTimeOffset? Time(JsonNode? node) => DateTimeOffset.TryParse(
        JsonScalar.Text(node), CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>By its name alone: <c>Enum.TryParse</c> would take numbers too.</summary>
    private static T OneOf<T>(JsonNode? node, T otherwise)
        where T : struct, Enum =>
        JsonScalar.Text(node) is { } text && text.All(char.IsLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var value)
            ? value
            : otherwise;
}

public enum ReportedColor
{
    Primary,
    Success,
    Danger,
    Warning,
    Secondary,
}

public enum NoticeLevel
{
    Info,
    Warning,
    Danger,
}

public sealed record ReportedMetric(decimal Value, string? Unit, string? Description, ReportedColor Color);

public sealed record ReportedNotice(NoticeLevel Level, string Text);
