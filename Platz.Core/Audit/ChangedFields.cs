using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Platz.Core.Audit;

/// <summary>What of a row is about to be saved, by the names of the columns: never what stands in them.</summary>
internal static class ChangedFields
{
    /// <param name="except">Properties that say nothing of what somebody wanted.</param>
    public static JsonArray Of(EntityEntry row, params string[] except)
    {
        row.DetectChanges();
        return
        [
            .. row.Properties.Where(property => property.IsModified && !except.Contains(property.Metadata.Name))
                .Select(property => property.Metadata.GetColumnName()).Order(StringComparer.Ordinal)
                .Select(name => JsonValue.Create(name)),
        ];
    }
}
