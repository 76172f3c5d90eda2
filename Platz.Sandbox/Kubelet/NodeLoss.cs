using System.Text.Json.Nodes;
using Platz.Sandbox.Controllers;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>What a pod looks like whose node went away under it.</summary>
internal static class NodeLoss
{
    public static void Fail(JsonObject json)
    {
        var status = json.Ensure("status");
        status["phase"] = "Failed";
        status["reason"] = "NodeLost";
        status["message"] = $"Node {Bootstrap.NodeName} which was running pod {json.Name} is unresponsive";
        foreach (var container in status.Objects("containerStatuses"))
        {
            container["ready"] = false;
            container["started"] = false;
            if (!(container.Object("state")?.ContainsKey("terminated") ?? false))
            {
                container["state"] = JsonNode.Parse("""
                    {"terminated":{"exitCode":137,"reason":"ContainerStatusUnknown","startedAt":null,"finishedAt":null,
                    "message":"The container could not be located when the pod was terminated"}}
                    """);
            }
        }

        foreach (var condition in status.Objects("conditions")
            .Where(c => c.Text("type") is "Ready" or "ContainersReady"))
        {
            condition["status"] = "False";
            condition["reason"] = "PodFailed";
        }
    }
}
