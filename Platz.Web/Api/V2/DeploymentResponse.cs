using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Values;

namespace Platz.Web.Api.V2;

internal sealed record DeploymentResponse(
    Guid Id,
    DateTimeOffset CreatedAt,
    string Name,
    Guid KindId,
    Guid ClusterId,
    bool Enabled,
    string Status,
    string? DescriptionMd,
    string? Reason,
    Guid? RevisionId,
    ReportedStatusResponse? ReportedStatus,
    Guid HelmChartId,
    JsonObject Config,
    JsonObject ValuesOverride,
    string Namespace,
    int Version) : IEdited
{
    private const string Hidden = "$hidden";

    [JsonIgnore]
    public string Edition => Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether this stands for an override that is an Owner's to read.</summary>
    public static bool IsHidden(JsonObject? json) => json is { Count: 1 } && json.ContainsKey(Hidden);

    public static DeploymentResponse From(Deployment deployment, Standing standing) => new(
        deployment.Id,
        deployment.CreatedAt,
        deployment.Name,
        deployment.KindId,
        deployment.ClusterId,
        deployment.Enabled,
        deployment.Status.ToString(),
        deployment.DescriptionMd,
        deployment.Reason,
        deployment.RevisionId,
        ReportedStatusResponse.From(deployment),
        deployment.HelmChartId,
        SensitiveInputs.Mask(deployment.Config)!.AsObject(),
        standing.Allows(Permission.ReadValuesOverride) ? deployment.ValuesOverride : new JsonObject { [Hidden] = true },
        deployment.Namespace,
        deployment.Version);
}
