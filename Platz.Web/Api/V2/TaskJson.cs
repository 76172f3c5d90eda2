using System.Text.Encodings.Web;
using System.Text.Json;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Web.Api.V2;

/// <summary>A task as the API serves it, laid out for people.</summary>
internal static class TaskJson
{
    private static readonly JsonSerializerOptions s_indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(DeploymentTask task, Standing standing) => JsonSerializer
        .SerializeToNode(DeploymentTaskResponse.From(task, standing), ApiJson.Default.DeploymentTaskResponse)!
        .ToJsonString(s_indented);
}
