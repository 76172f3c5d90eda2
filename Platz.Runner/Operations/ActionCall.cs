using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Core.Charts.Extensions;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;
using Platz.Runner.Http;

namespace Platz.Runner.Operations;

/// <summary>The HTTP call of an action, ready to be sent.</summary>
/// <param name="Body">Null where there is none to send.</param>
internal sealed record ActionCall(ChartAction Action, IngressTarget Target, Uri Url, JsonObject? Body)
{
    /// <summary>Sends it once, and tells what came of it.</summary>
    /// <exception cref="OperationException">It failed; says so where the outcome is unknown.</exception>
    public async Task SendAsync(TaskRun run, string token, TimeProvider clock)
    {
        using var request = Request(run.Task.Id, token);
        IngressAnswer answer;
        try
        {
            answer = await IngressClient.SendAsync(Target, request, clock, run.Stop);
        }
        catch (IngressException e)
        {
            if (e.MayHaveArrived)
            {
                run.BeginEffect();
            }

            throw new OperationException(
                e.MayHaveArrived
                    ? $"{e.Message}. The call may have arrived: its outcome is unknown, and it is not sent again."
                    : $"{e.Message}. Nothing was sent.", e);
        }

        run.BeginEffect();
        await JudgeAsync(answer, run, clock);
    }

    private HttpRequestMessage Request(Guid taskId, string token)
    {
        var request = new HttpRequestMessage(new HttpMethod($"{Action.Target.Method}"), Url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", $"{taskId}");
        request.Headers.Add("X-Platz-Task-Id", $"{taskId}");
        if (Body is not null)
        {
            request.Content = new StringContent(Body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return request;
    }

    private async Task JudgeAsync(IngressAnswer answer, TaskRun run, TimeProvider clock)
    {
        var lines = Lines(answer.Body, run.Redactor);
        run.Note($"{Action.Target.Method} {Url}: answered {answer.InWords}.");
        var (said, now) = (new TimedLines(), clock.GetUtcNow());
        lines.ForEach(line => said.Add(line, now));
        run.Log.Output(run.Phase, said, position: null);
        if (answer.IsCut)
        {
            run.Note("The rest of the answer was left out.");
        }

        if (answer.IsRedirect)
        {
            throw new OperationException($"answered {answer.InWords}: redirects are not followed.");
        }

        if (!answer.IsSuccess)
        {
            throw new OperationException(Summary($"answered {answer.InWords}", lines));
        }
    }

    private static string Summary(string what, List<string> lines) =>
        string.Join('\n', lines).Trim() is { Length: > 0 } body ? $"{what}\n\n{body}" : what;

    /// <summary>As any output: no terminal commands, no invalid text, no secrets.</summary>
    private static List<string> Lines(byte[] body, Redactor redactor)
    {
        var lines = new LogLines(redactor);
        return [.. lines.Push(body), .. lines.Complete()];
    }
}
