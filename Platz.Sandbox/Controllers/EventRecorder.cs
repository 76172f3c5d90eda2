using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>
/// Writes events, in the kubelet's style and in the scheduler's; a repeat counts up the one that is there.
/// </summary>
internal sealed class EventRecorder(ObjectStore store, ObjectWriter writer, TimeProvider clock)
{
    private const int Most = 5000;
    private const int DropAtOnce = 500;

    private long _number;

    public void Kubelet(StoredObject about, string type, string reason, string message, string? container = null)
    {
        var now = clock.GetUtcNow().Rfc3339;
        var same = store.List(ResourceTypes.Events, about.Namespace).Objects.FirstOrDefault(stored =>
            stored.Json.Text("involvedObject", "uid") == about.Uid && stored.Json.Text("reason") == reason
            && stored.Json.Text("message") == message && stored.Json.Text("source", "component") == "kubelet");
        if (same is not null)
        {
            writer.Set(same, json =>
            {
                json["count"] = (json.Number("count") ?? 1) + 1;
                json["lastTimestamp"] = now;
            });
            return;
        }

        var json = Event(about, type, reason, message, container);
        json["source"] = new JsonObject { ["component"] = "kubelet", ["host"] = Bootstrap.NodeName };
        json["firstTimestamp"] = now;
        json["lastTimestamp"] = now;
        json["count"] = 1;
        json["eventTime"] = null;
        json["reportingComponent"] = "kubelet";
        json["reportingInstance"] = Bootstrap.NodeName;
        Write(about, json);
    }

    public void Scheduler(StoredObject about, string type, string reason, string message, string action)
    {
        var json = Event(about, type, reason, message, container: null);
        json["source"] = new JsonObject();
        json["firstTimestamp"] = null;
        json["lastTimestamp"] = null;
        json["eventTime"] = clock.GetUtcNow().Rfc3339Micro;
        json["action"] = action;
        json["reportingComponent"] = "default-scheduler";
        json["reportingInstance"] = $"default-scheduler-{Bootstrap.NodeName}";
        Write(about, json);
    }

    private JsonObject Event(StoredObject about, string type, string reason, string message, string? container)
    {
        var involved = new JsonObject
        {
            ["kind"] = about.Type.Kind,
            ["namespace"] = about.Namespace,
            ["name"] = about.Name,
            ["uid"] = about.Uid,
            ["apiVersion"] = about.Type.ApiVersion,
            ["resourceVersion"] = about.Json.Text("metadata", "resourceVersion"),
        };
        if (container is not null)
        {
            involved["fieldPath"] = $"spec.containers{{{container}}}";
        }

        var stamp = clock.GetUtcNow().Ticks + Interlocked.Increment(ref _number);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"{about.Name}.{stamp:x16}" },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["type"] = type,
        };
    }

    private void Write(StoredObject about, JsonObject json)
    {
        try
        {
            writer.Create(ResourceTypes.Events, about.Namespace, json);
        }
        catch (ApiException refused) when (refused.Code == 404)
        {
            return; // the namespace has gone; nobody will ask
        }

        DropOldest();
    }

    /// <summary>The real server forgets events after an hour; here the oldest go when there are many.</summary>
    private void DropOldest()
    {
        var events = store.List(ResourceTypes.Events).Objects;
        if (events.Count <= Most)
        {
            return;
        }

        foreach (var stored in events.OrderBy(stored => stored.Version).Take(DropAtOnce))
        {
            store.Change(stored.Key, _ => null);
        }
    }
}
