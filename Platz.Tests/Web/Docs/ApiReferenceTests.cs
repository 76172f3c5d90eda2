using Platz.Tests.Support;
using Platz.Web.Docs;

namespace Platz.Tests.Web.Docs;

public sealed class ApiReferenceTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task Every_operation_is_told_with_what_goes_in_and_what_comes_out()
    {
        var document = (await GetAsync("/openapi/v2.json")).AsObject();

        var operations = new ApiReference(document).Operations;

        Assert.Equal(
            document["paths"]!.AsObject().Sum(path => path.Value!.AsObject().Count),
            operations.Select(o => o.Id).Distinct().Count());
        Assert.DoesNotContain(operations, o => o.Tag.Length == 0 || o.Summary.Length == 0 || o.Status.Length == 0);
        var tasks = operations.Single(o => o.Id == "allDeploymentTasks");
        Assert.Equal(("list of Pending | Started | Done | Failed | Canceled", "query"), Parameter(tasks, "status"));
        Assert.Equal("date-time, or null", Answer(tasks, "items[].finished_at").Type);
        Assert.True(Answer(tasks, "num_total").IsNeeded);
        var update = operations.Single(o => o.Id == "updateDeployment");
        Assert.Equal(("uuid", "path"), Parameter(update, "id"));
        Assert.Equal("Null empties it.", update.Body.Single(f => f.Name == "values_override").Text);
        Assert.Equal(["text/plain", "application/x-ndjson"], operations.Single(o => o.Path.EndsWith("/log")).Media);
    }

    [Fact]
    public async Task An_example_has_the_token_and_what_is_needed()
    {
        var operations = new ApiReference((await GetAsync("/openapi/v2.json")).AsObject()).Operations;

        Assert.Equal(
            """
            curl --request POST \
              --header "x-platz-token: $PLATZ_TOKEN" \
              --header 'Content-Type: application/json' \
              --data '{"env_id": …, "user_id": …, "role": …}' \
              "$PLATZ_URL/api/v2/env-user-permissions"
            """,
            operations.Single(o => o.Id == "createEnvUserPermission").Curl);
        Assert.Equal("curl \\\n  \"$PLATZ_URL/api/v2/server\"", operations.Single(o => o.Path == "/api/v2/server").Curl);
    }

    private static (string Type, string Place) Parameter(ApiOperation operation, string name) =>
        operation.Parameters.Single(p => p.Name == name) is var field ? (field.Type, field.Place) : default;

    private static ApiField Answer(ApiOperation operation, string name) => operation.Answer.Single(f => f.Name == name);
}
