using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Platz.Core.Data;

/// <summary>Keeps a JSON node as <c>jsonb</c>, compared by content: a <see cref="JsonNode"/> compares by reference.</summary>
internal static class JsonColumn
{
    public static void MapJson(this ModelConfigurationBuilder configuration)
    {
        configuration.Properties<JsonObject>().HaveColumnType("jsonb")
            .HaveConversion<JsonObjectConverter, JsonObjectComparer>();
        configuration.Properties<JsonArray>().HaveColumnType("jsonb")
            .HaveConversion<JsonArrayConverter, JsonArrayComparer>();
    }

    private sealed class JsonObjectConverter() : ValueConverter<JsonObject, string>(
        node => node.ToJsonString(null), json => JsonNode.Parse(json, null, default)!.AsObject());

    private sealed class JsonArrayConverter() : ValueConverter<JsonArray, string>(
        node => node.ToJsonString(null), json => JsonNode.Parse(json, null, default)!.AsArray());

    private sealed class JsonObjectComparer() : ValueComparer<JsonObject>(
        (a, b) => JsonNode.DeepEquals(a, b), node => node.Count, node => node.DeepClone().AsObject());

    private sealed class JsonArrayComparer() : ValueComparer<JsonArray>(
        (a, b) => JsonNode.DeepEquals(a, b), node => node.Count, node => node.DeepClone().AsArray());
}
