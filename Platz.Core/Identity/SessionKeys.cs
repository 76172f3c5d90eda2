using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;
using Platz.Core.Data;

namespace Platz.Core.Identity;

/// <summary>
/// One key of the ring that signs cookies and form tokens; <see cref="Xml"/> is sealed, else reading the database would
/// be enough to forge a session.
/// </summary>
public sealed class DataProtectionKey
{
    public required string Name { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required byte[] Xml { get; init; }
}

/// <summary>
/// Keeps the ring in the database, so that every web process reads the cookies of every other. Not asynchronous:
/// the framework asks for keys in the middle of synchronous code.
/// </summary>
public sealed class SessionKeys(IDbContextFactory<PlatzDb> databases, Envelope envelope)
{
    public List<string> ReadAll()
    {
        using var db = databases.CreateDbContext();
        return [.. db.DataProtectionKeys.AsNoTracking().OrderBy(k => k.CreatedAt).AsEnumerable()
            .Select(k => envelope.OpenText(k.Xml, Context(k.Name)))];
    }

    public void Add(string name, string xml)
    {
        using var db = databases.CreateDbContext();
        db.Add(new DataProtectionKey { Name = name, Xml = envelope.Seal(xml, Context(name)) });
        db.SaveChanges();
    }

    private static string Context(string name) => $"data_protection_keys/{name}";
}

internal sealed class DataProtectionKeyMapping : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> key)
    {
        key.ToTable("data_protection_keys").HasKey(k => k.Name);
        key.Property(k => k.CreatedAt).HasDefaultValueSql("clock_timestamp()");
    }
}
