using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Platz.Core.Values;

/// <summary>How much a text may cost once its aliases are filled in.</summary>
internal sealed class YamlBudget
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 50_000;
    public const int MaxAliases = 100;
    public const int MaxCharacters = 1024 * 1024;

    private int _nodes;
    private int _aliases;
    private int _characters;

    public void Charge(int depth, int characters, Mark at)
    {
        if (depth > MaxDepth)
        {
            throw new YamlFault(at, $"The values are nested more than {MaxDepth} levels deep here.");
        }

        if (++_nodes > MaxNodes)
        {
            throw new YamlFault(at,
                $"There are more than {MaxNodes:N0} values here, with those that aliases (*name) repeat.");
        }

        if ((_characters += characters) > MaxCharacters)
        {
            throw new YamlFault(at, "The text grows beyond 1 MiB here, with what aliases (*name) repeat.");
        }
    }

    public void ChargeAlias(Mark at)
    {
        if (++_aliases > MaxAliases)
        {
            throw new YamlFault(at, $"More than {MaxAliases} aliases (*name) are used.");
        }
    }

    /// <summary>Repeats what an alias stands for, at the full price.</summary>
    public JsonNode? Copy(JsonNode? node, int depth, Mark at)
    {
        ChargeAlias(at);
        ChargeAll(node, depth, at);
        return node?.DeepClone();
    }

    private void ChargeAll(JsonNode? node, int depth, Mark at)
    {
        switch (node)
        {
            case JsonObject mapping:
                Charge(depth, 0, at);
                foreach (var (key, value) in mapping)
                {
                    Charge(depth + 1, key.Length, at);
                    ChargeAll(value, depth + 1, at);
                }

                break;
            case JsonArray items:
                Charge(depth, 0, at);
                foreach (var item in items)
                {
                    ChargeAll(item, depth + 1, at);
                }

                break;
            default:
                var length = node is JsonValue text && text.TryGetValue<string>(out var value1) ? value1.Length : 0;
                Charge(depth, length, at);
                break;
        }
    }
}
