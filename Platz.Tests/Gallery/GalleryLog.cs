using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;

namespace Platz.Tests.Gallery;

/// <summary>What Helm wrote, as the runner would have stored it.</summary>
internal static class GalleryLog
{
    private static readonly string[] s_failed =
    [
        "Pulled: registry.example.org/charts/web-service:1.5.1",
        "Digest: sha256:9f2c5a1e",
        "\u001b[33mW1128 09:41:07.112 warnings.go:70] autoscaling/v2beta2 is deprecated\u001b[0m",
        "Error: UPGRADE FAILED: cannot patch \"webservice-payments-api\" with kind Service: Service "
            + "\"webservice-payments-api\" is invalid: spec.clusterIP: Invalid value: \"10.0.0.7\": field is immutable",
    ];

    /// <param name="lines">How much a running Helm has said so far.</param>
    public static void Add(PlatzDb db, DeploymentTask task, int lines)
    {
        var at = task.StartedAt!.Value;
        var written = new List<(string Phase, LogStream Stream, string Text)>
        {
            (Phase.Validate, LogStream.Platz, $"The chart {task.ChartVersion} is there, its values are complete."),
            (Phase.Namespace, LogStream.Platz, $"Namespace {task.Namespace} is ready."),
            (Phase.Credentials, LogStream.Platz, "Credentials are in place."),
        };
        written.AddRange(task.Status is DeploymentTaskStatus.Failed
            ? s_failed.Select(text => (Phase.HelmUpgrade, LogStream.Pod, text))
            : Enumerable.Range(1, lines).Select(n => (Phase.HelmUpgrade, LogStream.Pod,
                n % 7 == 0 ? $"\u001b[32m✔\u001b[0m pod {n / 7} of {lines / 7} is ready" : $"ready.go:{n}: waiting for resource {n % 5} of 5")));
        var bytes = 0L;
        for (var i = 0; i < written.Count; i++)
        {
            var (phase, stream, text) = written[i];
            db.Add(new TaskLogBlock
            {
                TaskId = task.Id,
                Seq = i + 1,
                At = at.AddMilliseconds(i * 40),
                Phase = phase,
                Stream = stream,
                Text = text,
                BytesBefore = bytes,
            });
            bytes += System.Text.Encoding.UTF8.GetByteCount(text) + 1;
        }
    }
}
