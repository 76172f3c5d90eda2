using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Runner.Http;

namespace Platz.Runner.Resources;

/// <summary>The call with which a chart is told what became of a resource (<c>lifecycle</c> of its resources.yaml).</summary>
/// <param name="Props">Opened: the chart that keeps a thing is told its password.</param>
internal sealed record LifecycleCall(
    DeploymentResource Resource, HttpTarget Target, ChartFeatures Features, Deployment Deployment, Cluster Cluster,
    OpenedInputs Props)
{
    private const int MaxAnswer = 2000;

    public async Task<SyncOutcome> SendAsync(string token, TimeProvider clock, CancellationToken cancel)
    {
        if (!Features.Ingress
            || IngressHost.Of(Features.HostnameFormat, Deployment.Namespace, Deployment.Name, Cluster) is not { } host)
        {
            return SyncOutcome.Refused("The chart has no ingress to be called at.");
        }

        var (url, error) = ActionUrl.Build(host, Target.Path);
        if (url is null)
        {
            return SyncOutcome.Refused($"The chart cannot be called: {error}.");
        }

        try
        {
            using var request = Request(url, token);
            var answer = await IngressClient.SendAsync(IngressTarget.Of(Cluster, host), request, clock, cancel);
            return Judge(answer, new Redactor([.. Props.Secrets, token]));
        }
        catch (IngressException e)
        {
            return SyncOutcome.NotNow($"{e.Message}.");
        }
    }

    /// <summary>The key is the same however often this change is sent, so that a chart can tell it from the next.</summary>
    private HttpRequestMessage Request(Uri url, string token)
    {
        var request = new HttpRequestMessage(new HttpMethod($"{Target.Method}"), url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", $"{Resource.Id}-{Resource.Version}");
        if (Target.Method is not HttpVerb.GET)
        {
            request.Content = new StringContent(Body().ToJsonString(), Encoding.UTF8, "application/json");
        }

        return request;
    }

    /// <summary>The whole row, as charts of the existing product expect it (upstream-facts.md 7).</summary>
    private JsonObject Body() => new()
    {
        ["id"] = Resource.Id,
        ["created_at"] = Resource.CreatedAt.UtcDateTime,
        ["type_id"] = Resource.TypeId,
        ["deployment_id"] = Resource.DeploymentId,
        ["name"] = Resource.Name,
        ["exists"] = Resource.Exists,
        ["props"] = Props.Inputs.DeepClone(),
        ["sync_status"] = $"{Resource.SyncStatus}",
        ["sync_reason"] = Resource.SyncReason,
    };

    private static SyncOutcome Judge(IngressAnswer answer, Redactor redactor)
    {
        if (answer.IsSuccess)
        {
            return SyncOutcome.Done;
        }

        var lines = new LogLines(redactor);
        var said = string.Join('\n', [.. lines.Push(answer.Body), .. lines.Complete()]).Trim();
        said = said.Length > MaxAnswer ? $"{said[..MaxAnswer]}…" : said;
        var error = $"The chart answered {answer.InWords}{(said is "" ? "." : $": {said}")}";
        return answer.Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)answer.Status >= 500
            ? SyncOutcome.NotNow(error)
            : SyncOutcome.Refused(error);
    }
}
