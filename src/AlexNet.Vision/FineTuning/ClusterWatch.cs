using System.Diagnostics;

namespace AlexNetTF.FineTuning;

/// <summary>Looks after the parameter servers while a worker runs: TensorFlow may wait for ever for one that has ended.</summary>
internal static class ClusterWatch
{
    // Grace: for TensorFlow's own error. Silence: a moment's trouble of the network is no loss.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5), Grace = TimeSpan.FromSeconds(3), Silence = TimeSpan.FromSeconds(30);

    /// <summary>Runs a worker's part for as long as the servers last.</summary>
    /// <param name="task">The worker.</param>
    /// <param name="remedy">What to do once the server is back.</param>
    /// <param name="part">The part. Where a server is lost and TensorFlow does not return, it is left behind on its thread with all that it holds.</param>
    /// <exception cref="FineTuningException">A server was lost.</exception>
    public static async Task<T> WhileServersLastAsync<T>(ClusterTask task, Func<string> remedy, Func<Task<T>> part)
    {
        using var over = new CancellationTokenSource();
        Task<T> run = Task.Run(part);
        Task<string> loss = LossAsync(task, over.Token);
        try
        {
            if (await Task.WhenAny(run, loss).ConfigureAwait(false) == loss) await Task.WhenAny(run, Task.Delay(Grace)).ConfigureAwait(false);
            return run.IsCompleted ? await run.ConfigureAwait(false) : throw Lost(await loss.ConfigureAwait(false), remedy, error: null);
        }
        catch (RunException error) when (error.Code is RunErrorCode.Unavailable or RunErrorCode.Aborted or RunErrorCode.FailedPrecondition or RunErrorCode.Internal)
        {
            string? which = loss.IsCompletedSuccessfully ? await loss.ConfigureAwait(false) : await FindAsync(task, _ => true, CancellationToken.None).ConfigureAwait(false);
            if (which is null && error.Code == RunErrorCode.Internal) throw;
            throw Lost(which ?? "A parameter server was started anew, or the connection to it broke", remedy, error);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    private static FineTuningException Lost(string which, Func<string> remedy, RunException? error) => new(
        $"{which}. The variables that it held are lost with it. Start it anew with: alexnet finetune --cluster FILE --job {ClusterPlacement.Servers} --task N; then {remedy()}{(error is null ? "" : $" TensorFlow says: {error.Message}")}", error);

    private static async Task<string> LossAsync(ClusterTask task, CancellationToken cancellation)
    {
        var since = new Dictionary<int, Stopwatch>();
        while (true)
        {
            if (await FindAsync(task, IsLost, cancellation).ConfigureAwait(false) is { } which) return which;
            await Task.Delay(Interval, cancellation).ConfigureAwait(false);
        }

        bool IsLost((int Server, ConnectionProblem? Problem) probe)
        {
            if (probe.Problem is null)
            {
                since.Remove(probe.Server);
                return false;
            }

            if (!since.ContainsKey(probe.Server)) since.Add(probe.Server, Stopwatch.StartNew());
            return probe.Problem.IsRefused || since[probe.Server].Elapsed >= Silence;
        }
    }

    private static async Task<string?> FindAsync(ClusterTask task, Func<(int Server, ConnectionProblem? Problem), bool> isLost, CancellationToken cancellation)
    {
        for (int i = 0; i < task.Servers.Count; i++)
        {
            ConnectionProblem? problem = await ClusterWaiting.TryConnectAsync(task.Servers[i], cancellation).ConfigureAwait(false);
            if (isLost((i, problem)) && problem is not null) return $"Parameter server {i} at {task.Servers[i]} was lost: {problem.Text.TrimEnd('.')}";
        }

        return null;
    }
}
