using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Platz.Core.Data;

namespace Platz.Web;

/// <summary>For <c>dotnet ef migrations add</c>: the model alone, no database behind it.</summary>
internal sealed class DesignTimeDb : IDesignTimeDbContextFactory<PlatzDb>
{
    public PlatzDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PlatzDb>();
        options.Use(Database.Connect("Host=design-time"));
        return new PlatzDb(options.Options);
    }
}
