using System.Text.Json;
using k8s.Autorest;

namespace Platz.Runner.Clusters;

/// <summary>Reads the Status documents with which an API server refuses (kubernetes.md 2.2).</summary>
internal static class ClusterError
{
    public static bool Is(this HttpOperationException e, System.Net.HttpStatusCode code) => e.Response.StatusCode == code;

    /// <summary>For users: what the cluster refused, in its own words.</summary>
    public static string Describe(HttpOperationException e, string cluster) => (int)e.Response.StatusCode switch
    {
        401 => $"The cluster {cluster} does not accept the credentials of Platz (401 Unauthorized). Renew its kubeconfig.",
        403 => $"The cluster {cluster} forbids this: {Message(e)}",
        var code => $"The cluster {cluster} refused ({code}): {Message(e)}",
    };

    public static string Message(HttpOperationException e)
    {
        try
        {
            using var status = JsonDocument.Parse(e.Response.Content ?? "");
            return status.RootElement.GetProperty("message").GetString() ?? e.Message;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return e.Message;
        }
    }

    /// <summary>An unreachable webhook also answers 500, but waiting is the cluster administrator's to decide.</summary>
    public static bool IsAdmission(HttpOperationException e) =>
        e.Response.Content?.Contains("failed calling webhook", StringComparison.Ordinal) is true;

    /// <summary>The innermost message: outer ones only say that something failed.</summary>
    public static string Reason(Exception e) => e switch
    {
        HttpOperationException refused => Message(refused),
        OperationCanceledException => "no answer in time",
        { InnerException: { } inner } => Reason(inner),
        _ => e.Message,
    };
}
