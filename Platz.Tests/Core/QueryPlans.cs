using Platz.Tests.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core;

/// <summary>Tests of how statements are answered when the history is long; it is planted once for all of them.</summary>
[CollectionDefinition]
public sealed class QueryPlans : ICollectionFixture<QueryPlans.LongHistory>
{
    public sealed class LongHistory(PostgresServer postgres) : LargeHistory(postgres, rows: 300_000, big: 100_000);
}
