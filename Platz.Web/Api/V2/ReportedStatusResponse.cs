using System.Globalization;
using Platz.Core.Deployments;

namespace Platz.Web.Api.V2;

/// <summary>
/// What a chart reports of itself. Charts write what they like; clients of the existing product insist on every field
/// and on its colours, so what is missing comes out empty.
/// </summary>
internal sealed record ReportedStatusResponse(
    DateTimeOffset Timestamp, bool GetSuccessful, ReportedContentResponse? Content, string? Error)
{
    public static ReportedStatusResponse? From(Deployment deployment) =>
        ReportedStatus.Of(deployment.ReportedStatus) is { At: { } at } status
            ? new ReportedStatusResponse(
                at, status.Error is null,
                deployment.ReportedStatus!["content"] is null ? null : ReportedContentResponse.From(status), status.Error)
            : null;
}

internal sealed record ReportedContentResponse(
    ReportedSummaryResponse Status, ReportedMetricResponse? PrimaryMetric, IReadOnlyList<ReportedMetricResponse> Metrics,
    IReadOnlyList<ReportedNoticeResponse> Notices)
{
    public static ReportedContentResponse From(ReportedStatus status) => new(
        new ReportedSummaryResponse(status.Name ?? "", ReportedMetricResponse.Word(status.Color)),
        status.PrimaryMetric is { } primary ? ReportedMetricResponse.From(primary) : null,
        [.. status.Metrics.Select(ReportedMetricResponse.From)],
        [.. status.Notices.Select(n => new ReportedNoticeResponse(n.Level.ToString(), n.Text))]);
}

internal sealed record ReportedSummaryResponse(string Name, string Color);

/// <param name="Value">A decimal as text.</param>
internal sealed record ReportedMetricResponse(string Value, string Unit, string ShortDescription, string Color)
{
    public static ReportedMetricResponse From(ReportedMetric metric) => new(
        metric.Value.ToString(CultureInfo.InvariantCulture), metric.Unit ?? "", metric.Description ?? "",
        Word(metric.Color));

    public static string Word(ReportedColor color) => color.ToString().ToLowerInvariant();
}

internal sealed record ReportedNoticeResponse(string Level, string Text);
