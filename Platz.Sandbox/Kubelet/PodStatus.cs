using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>The status of one running pod, kept by its worker and written out whole.</summary>
internal sealed class PodStatus
{
    private static readonly string[] s_order = ["Initialized", "Ready", "ContainersReady", "PodScheduled"];

    private readonly Dictionary<string, JsonObject> _conditions = [];

    public string Phase { get; set; } = "Pending";

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public string? StartTime { get; set; }

    public string? PodIP { get; set; }

    public IReadOnlyList<ContainerState> InitContainers { get; set; } = [];

    public IReadOnlyList<ContainerState> Containers { get; set; } = [];

    public void Set(string type, bool holds, string now, string? reason = null, string? message = null)
    {
        var status = holds ? "True" : "False";
        var before = _conditions.GetValueOrDefault(type);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = before.Text("status") == status ? before.Text("lastTransitionTime") : now,
        };
        if (reason is not null)
        {
            condition["reason"] = reason;
        }

        if (message is not null)
        {
            condition["message"] = message;
        }

        _conditions[type] = condition;
    }

    /// <summary>Ready and ContainersReady follow from the containers.</summary>
    public void SetReadiness(string now)
    {
        if (Phase is "Succeeded" or "Failed")
        {
            var reason = Phase == "Succeeded" ? "PodCompleted" : "PodFailed";
            Set("Initialized", true, now, Phase == "Succeeded" ? reason : null);
            Set("Ready", false, now, reason);
            Set("ContainersReady", false, now, reason);
            return;
        }

        var unready = Containers.Where(container => !container.Ready).Select(container => container.Name).ToList();
        var why = unready.Count > 0 ? "ContainersNotReady" : null;
        var which = unready.Count > 0 ? $"containers with unready status: [{string.Join(' ', unready)}]" : null;
        Set("Ready", unready.Count == 0, now, why, which);
        Set("ContainersReady", unready.Count == 0, now, why, which);
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["phase"] = Phase };
        var conditions = s_order.Where(_conditions.ContainsKey).Select(type => _conditions[type].DeepClone()).ToArray();
        if (conditions.Length > 0)
        {
            json["conditions"] = new JsonArray(conditions);
        }

        Put(json, "message", Message);
        Put(json, "reason", Reason);
        if (StartTime is not null)
        {
            json["hostIP"] = "127.0.0.1";
            Put(json, "podIP", PodIP);
            if (PodIP is not null)
            {
                json["podIPs"] = new JsonArray(new JsonObject { ["ip"] = PodIP });
            }

            json["startTime"] = StartTime;
        }

        PutAll(json, "initContainerStatuses", InitContainers);
        PutAll(json, "containerStatuses", Containers);
        json["qosClass"] = "BestEffort";
        return json;
    }

    private static void Put(JsonObject json, string key, string? value)
    {
        if (value is not null)
        {
            json[key] = value;
        }
    }

    private static void PutAll(JsonObject json, string key, IReadOnlyList<ContainerState> states)
    {
        if (states.Count > 0)
        {
            json[key] = new JsonArray([.. states.Select(state => state.ToJson())]);
        }
    }
}
