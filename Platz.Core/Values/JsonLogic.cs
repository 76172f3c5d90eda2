using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>A rule cannot be evaluated: an unknown operator, wrong arguments, or too much work.</summary>
public sealed class JsonLogicException(string message) : Exception(message);

/// <summary>
/// Evaluates JsonLogic (jsonlogic.com) as json-logic-js does, JavaScript's truth and conversions included. Bounded in
/// depth and work, since rules come from charts.
/// </summary>
public static class JsonLogic
{
    /// <exception cref="JsonLogicException">The message says what is wrong with the rule.</exception>
    public static JsonNode? Apply(JsonNode? rule, JsonNode? data)
    {
        var run = new JsonLogicRun();
        return run.ToJson(run.Apply(rule, JsonLogicRun.FromJson(data)));
    }

    /// <summary>Whether the rule yields exactly <c>true</c>; no rule that cannot be evaluated does.</summary>
    internal static bool IsTrue(JsonNode? rule, JsonNode? data)
    {
        try
        {
            var run = new JsonLogicRun();
            return run.Apply(rule, JsonLogicRun.FromJson(data)) is true;
        }
        catch (JsonLogicException)
        {
            return false;
        }
    }
}
