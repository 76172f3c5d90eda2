using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>Conditions in a status: the transition time moves only with the status itself.</summary>
internal static class Conditions
{
    extension(JsonObject status)
    {
        public JsonObject? Condition(string type) =>
            status.Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type);

        public void SetCondition(string type, bool holds, string reason, string message, string now)
        {
            var wanted = holds ? "True" : "False";
            var conditions = status["conditions"] as JsonArray ?? [];
            status["conditions"] = conditions;
            if (status.Condition(type) is not { } condition)
            {
                condition = new JsonObject { ["type"] = type };
                conditions.Add(condition);
            }
            else if (condition.Text("status") == wanted && condition.Text("reason") == reason
                && condition.Text("message") == message)
            {
                return;
            }

            var moved = condition.Text("status") != wanted;
            condition["status"] = wanted;
            condition["lastUpdateTime"] = now;
            condition["lastTransitionTime"] = moved ? now : condition.Text("lastTransitionTime") ?? now;
            condition["reason"] = reason;
            condition["message"] = message;
        }
    }
}
