using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Job → pods until enough have succeeded or too many have failed.</summary>
internal sealed class JobController(ObjectWriter writer, Owned owned, TimeProvider clock)
{
    public bool Reconcile(StoredObject job)
    {
        if (job.Json.Objects("status", "conditions").Any(c => c.Text("type") is "Complete" or "Failed"))
        {
            return true;
        }

        var pods = owned.List(ResourceTypes.Pods, job);
        var counts = new Counts(
            pods.Count(pod => pod.Json.Text("status", "phase") == "Succeeded"),
            pods.Count(pod => pod.Json.Text("status", "phase") == "Failed"),
            pods.Count(pod => Owned.IsActive(pod.Json)),
            pods.Sum(Restarts));
        var end = End(job.Json, counts);
        if (end is null)
        {
            Start(job, counts);
        }
        else
        {
            StopRest(pods);
        }

        WriteStatus(job, counts, end);
        return end is not null;
    }

    private static (string Type, string? Reason, string? Message)? End(JsonObject job, Counts counts) => counts switch
    {
        _ when counts.Succeeded >= (job.Number("spec", "completions") ?? 1) => ("Complete", null, null),
        _ when Math.Max(counts.Failed, counts.Restarts) > (job.Number("spec", "backoffLimit") ?? 6) =>
            ("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
        _ => null,
    };

    private void Start(StoredObject job, Counts counts)
    {
        if (job.Json.Flag("spec", "suspend") == true)
        {
            return;
        }

        var left = (job.Json.Number("spec", "completions") ?? 1) - counts.Succeeded;
        var wanted = Math.Min(job.Json.Number("spec", "parallelism") ?? 1, left);
        for (var active = counts.Active; active < wanted; active++)
        {
            owned.CreatePod(job, name: null);
        }
    }

    private void StopRest(IReadOnlyList<StoredObject> pods)
    {
        foreach (var pod in pods.Where(pod => Owned.IsActive(pod.Json)))
        {
            owned.Delete(pod);
        }
    }

    private void WriteStatus(StoredObject job, Counts counts, (string Type, string? Reason, string? Message)? end)
    {
        var active = end is null ? owned.ActivePods(job) : [];
        writer.Set(job, json =>
        {
            var now = clock.GetUtcNow().Rfc3339;
            var status = new JsonObject { ["startTime"] = json.Text("status", "startTime") ?? now };
            if (end is { } reached)
            {
                status["conditions"] = new JsonArray(Condition(reached, now));
                status["completionTime"] = reached.Type == "Complete" ? now : null;
            }

            foreach (var (key, count) in ((string, long)[])
                [("active", active.Count), ("succeeded", counts.Succeeded), ("failed", counts.Failed)])
            {
                if (count > 0)
                {
                    status[key] = count;
                }
            }

            status["uncountedTerminatedPods"] = new JsonObject();
            status["ready"] = active.Count(pod => Owned.IsReady(pod.Json));
            json["status"] = status;
        });
    }

    private static JsonObject Condition((string Type, string? Reason, string? Message) end, string now)
    {
        var condition = new JsonObject
        {
            ["type"] = end.Type,
            ["status"] = "True",
            ["lastProbeTime"] = now,
            ["lastTransitionTime"] = now,
        };
        if (end.Reason is not null)
        {
            condition["reason"] = end.Reason;
            condition["message"] = end.Message;
        }

        return condition;
    }

    private static long Restarts(StoredObject pod) =>
        pod.Json.Objects("status", "containerStatuses").Sum(status => status.Number("restartCount") ?? 0);

    private sealed record Counts(long Succeeded, long Failed, long Active, long Restarts);
}
