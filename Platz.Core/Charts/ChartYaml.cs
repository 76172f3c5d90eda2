using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Platz.Core.Charts;

/// <summary>
/// Reads the plain fields and the annotations of a Chart.yaml from parser events: nothing is ever expanded or built.
/// </summary>
internal static class ChartYaml
{
    public static (Dictionary<string, string> Fields, Dictionary<string, string> Annotations) Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            parser.Consume<MappingStart>();
            return ReadTop(parser);
        }
        catch (YamlException e)
        {
            throw new BrokenChartException($"Chart.yaml, line {e.Start.Line}: not the YAML of a chart.", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // So the parser answers "a: [\nb: c" and "!! a".
            throw new BrokenChartException("Chart.yaml is not YAML.", e);
        }
    }

    private static (Dictionary<string, string>, Dictionary<string, string>) ReadTop(Parser parser)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (parser.TryConsume<Scalar>(out var value))
            {
                Add(fields, key, value);
            }
            else if (key.Value is "annotations" && parser.TryConsume<MappingStart>(out _))
            {
                ReadPairs(parser, annotations);
            }
            else
            {
                Skip(parser);
            }
        }

        return (fields, annotations);
    }

    private static void ReadPairs(Parser parser, Dictionary<string, string> pairs)
    {
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Add(pairs, parser.Consume<Scalar>(), parser.Consume<Scalar>());
        }
    }

    private static void Add(Dictionary<string, string> pairs, Scalar key, Scalar value)
    {
        var isNull = value.IsPlainImplicit && value.Value is "" or "~" or "null";
        if (!isNull && !pairs.TryAdd(key.Value, value.Value))
        {
            throw new BrokenChartException(
                $"Chart.yaml, line {key.Start.Line}: {ChartPath.Shown(key.Value)} is there twice.");
        }
    }

    private static void Skip(Parser parser)
    {
        var depth = 0;
        do
        {
            var node = parser.Consume<ParsingEvent>();
            depth += node.NestingIncrease;
            if (depth > ChartLimits.YamlDepth)
            {
                throw new BrokenChartException($"Chart.yaml, line {node.Start.Line}: nested too deep.");
            }
        }
        while (depth > 0);
    }
}
