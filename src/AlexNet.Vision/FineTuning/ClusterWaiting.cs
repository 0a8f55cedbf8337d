using System.Diagnostics;
using System.Net.Sockets;

namespace AlexNetTF.FineTuning;

/// <summary>Waits of bounded length for the other processes of a cluster.</summary>
internal static class ClusterWaiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Until every parameter server listens: TensorFlow itself would wait for them for ever.</summary>
    /// <exception cref="FineTuningException">One does not.</exception>
    public static async Task ForServersAsync(ClusterTask task, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < task.Servers.Count; i++)
        {
            string address = task.Servers[i];
            while (await TryConnectAsync(address, cancellation).ConfigureAwait(false) is { } problem)
            {
                if (clock.Elapsed >= task.Patience)
                {
                    throw new FineTuningException(
                        $"Parameter server {i} at {address} does not answer after {task.Patience.TotalSeconds:0} seconds: {problem.Text} Start it with: alexnet finetune --cluster FILE --job {ClusterPlacement.Servers} --task {i}");
                }

                await Task.Delay(Pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Until the chief has given all variables their values.</summary>
    /// <exception cref="FineTuningException">It has not.</exception>
    public static async Task ForChiefAsync(ClusterTask task, TrainingNetwork network, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!ClusterSetup.IsPublished(network))
        {
            if (clock.Elapsed >= task.Patience)
            {
                string chief = task.Cluster.AddressOf(ClusterPlacement.Workers, 0);
                throw new FineTuningException(
                    $"The chief, worker 0 at {chief}, has not given the parameter servers' variables their values after {task.Patience.TotalSeconds:0} seconds. Start it, or wait longer, with: alexnet finetune … --job {ClusterPlacement.Workers} --task 0");
            }

            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a server listens; null if it does.</summary>
    public static async Task<ConnectionProblem?> TryConnectAsync(string address, CancellationToken cancellation)
    {
        int colon = address.LastIndexOf(':');
        using var client = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await client.ConnectAsync(address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture), limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (SocketException error)
        {
            return new ConnectionProblem(error.Message + ".", error.SocketErrorCode == SocketError.ConnectionRefused);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ConnectionProblem("the connection takes too long.", IsRefused: false);
        }
    }
}

/// <summary>Why there is no connection.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="IsRefused">Whether the machine is there and nobody listens on the port.</param>
internal sealed record ConnectionProblem(string Text, bool IsRefused);
