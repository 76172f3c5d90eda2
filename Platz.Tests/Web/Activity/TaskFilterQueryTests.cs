using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Web.Activity;

namespace Platz.Tests.Web.Activity;

public sealed class TaskFilterQueryTests
{
    private static readonly Guid s_id = Guid.Parse("0199c0de-0000-7000-8000-000000000001");

    [Fact]
    public void An_address_says_several_values_of_everything()
    {
        var (filter, problems) = TaskFilterQuery.Parse(
            $"?status=Failed&status=canceled&op=upgrade&actor=user:{s_id}&actor=bot:{s_id}&kind=Web%20Shop"
            + $"&cluster={s_id}&deployment={s_id}&from=2026-01-31&to=2026-01-31&q=timed%20out&other=x");

        Assert.Empty(problems);
        Assert.Equal([DeploymentTaskStatus.Failed, DeploymentTaskStatus.Canceled], filter.Statuses);
        Assert.Equal(["Upgrade"], filter.OpKinds);
        Assert.Equal([new(ActorKind.User, s_id), new(ActorKind.Bot, s_id)], filter.Actors);
        Assert.Equal(["Web Shop"], filter.KindNames);
        Assert.Equal([s_id], filter.ClusterIds);
        Assert.Equal([s_id], filter.DeploymentIds);
        Assert.Equal(DateTimeOffset.Parse("2026-01-31T00:00Z"), filter.CreatedFrom);
        Assert.Equal(DateTimeOffset.Parse("2026-02-01T00:00Z"), filter.CreatedTo); // the whole last day
        Assert.Equal("timed out", filter.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("status=Failed&status=Pending&op=Upgrade&kind=a%26b%3Dc&from=2026-01-31&to=2026-02-03&q=50%25%20off")]
    [InlineData("actor=deployment:0199c0de-0000-7000-8000-000000000001&from=2026-01-31T10%3A00%3A00.5Z")]
    public void What_is_written_reads_the_same(string query)
    {
        var filter = TaskFilterQuery.Parse(query).Filter;

        Assert.Equal(filter, TaskFilterQuery.Parse(TaskFilterQuery.Write(filter)).Filter);
        Assert.Equal(query.Replace("actor=deployment:", "actor=deployment%3A"), TaskFilterQuery.Write(filter));
    }

    [Theory]
    [InlineData("status=Broken", "status")]
    [InlineData("status=1", "status")]
    [InlineData("op=Unknown", "op")]
    [InlineData("actor=0199c0de-0000-7000-8000-000000000001", "actor")]
    [InlineData("actor=team:0199c0de-0000-7000-8000-000000000001", "actor")]
    [InlineData("cluster=one", "cluster")]
    [InlineData("deployment={0199c0de-0000-7000-8000-000000000001}", "deployment")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-01-01&from=2026-01-02", "from")]
    [InlineData("to=9999-12-31", "to")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("q=a%00b", "q")]
    [InlineData("q=one&q=two", "q")]
    public void What_cannot_be_read_is_told_by_name(string query, string name)
    {
        var problem = Assert.Single(TaskFilterQuery.Parse(query).Problems);

        Assert.Equal(name, problem.Field);
    }

    [Fact]
    public void Values_are_limited_in_number_and_length()
    {
        var many = string.Join('&', Enumerable.Range(0, 51).Select(_ => $"cluster={Guid.NewGuid()}"));
        var (filter, problems) = TaskFilterQuery.Parse($"{many}&q={new string('x', 201)}");

        Assert.Equal(["cluster", "q"], problems.Select(p => p.Field));
        Assert.Equal((50, null), (filter.ClusterIds.Count, filter.Text));
    }
}
