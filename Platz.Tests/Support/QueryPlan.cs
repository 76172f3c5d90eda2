using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Platz.Tests.Support;

/// <summary>How PostgreSQL answered a statement: <c>EXPLAIN (ANALYZE, BUFFERS)</c>.</summary>
internal sealed class QueryPlan(string sql, JsonNode root)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public IEnumerable<PlanNode> Nodes => Below(root);

    /// <summary>Pages of 8 KiB that were touched, in memory or on disk.</summary>
    public long Pages => (long)root["Shared Hit Blocks"]! + (long)root["Shared Read Blocks"]!;

    public static async Task<QueryPlan> OfAsync(NpgsqlDataSource database, NpgsqlCommand command, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var explain = command.Clone();
        explain.Connection = connection;
        explain.CommandText = $"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {command.CommandText}";
        var json = (string)(await explain.ExecuteScalarAsync(cancel))!;
        return new QueryPlan(command.CommandText, JsonNode.Parse(json)![0]!["Plan"]!);
    }

    public bool Scans(string table) => Nodes.Any(n => n.Kind is "Seq Scan" && n.Table == table);

    public bool Uses(string index) => Nodes.Any(n => n.Index?.StartsWith(index, StringComparison.Ordinal) ?? false);

    public override string ToString() => $"{sql}\n{root.ToJsonString(s_indented)}";

    private static IEnumerable<PlanNode> Below(JsonNode node) => (node["Plans"]?.AsArray() ?? [])
        .SelectMany(inner => Below(inner!)).Prepend(new PlanNode(node));
}

internal readonly struct PlanNode(JsonNode node)
{
    public string Kind => (string)node["Node Type"]!;

    public string? Table => (string?)node["Relation Name"];

    public string? Index => (string?)node["Index Name"];

    /// <summary>How many rows it gave, in all its runs.</summary>
    public double Rows => (double)node["Actual Rows"]! * (double)node["Actual Loops"]!;

    /// <summary>How many rows it was given.</summary>
    public double RowsBelow => (node["Plans"]?.AsArray() ?? [])
        .Where(inner => (string)inner!["Parent Relationship"]! == "Outer").Sum(inner => new PlanNode(inner!).Rows);
}
