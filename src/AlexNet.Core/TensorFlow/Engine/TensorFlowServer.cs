using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF;

/// <summary>
/// This process as a task of a cluster: TensorFlow's own distributed runtime. Sessions with <see cref="Target"/> run graphs
/// whose device scopes (<c>/job:ps/task:0</c>) place operations and variables on the cluster's tasks. TensorFlow has no way to
/// stop a server: it ends with the process.
/// </summary>
public sealed class TensorFlowServer
{
    private readonly nint handle;

    private TensorFlowServer(nint handle, string target)
    {
        this.handle = handle;
        Target = target;
    }

    /// <summary>What <see cref="SessionOptions.Target"/> takes: <c>grpc://host:port</c>.</summary>
    public string Target { get; }

    /// <summary>Starts the server of a task; it listens on the task's port and serves at once.</summary>
    /// <param name="cluster">All tasks, the same in every process.</param>
    /// <param name="job">This process's job.</param>
    /// <param name="task">Its number in the job, from 0.</param>
    /// <param name="options">Device, threads and GPU memory of this task; null for TensorFlow's own choice.</param>
    /// <exception cref="AlexNetException">TensorFlow's library is not available, the cluster has no such task, or its port is taken.</exception>
    public static TensorFlowServer Start(TensorFlowCluster cluster, string job, int task, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        string address = cluster.AddressOf(job, task);
        TensorFlowLibrary.Require();
        RequireFreePort(address, job, task);
        var definition = new ServerDef { Cluster = cluster.ToProto(), JobName = job, TaskIndex = task, Protocol = "grpc", DefaultSessionConfig = options is null ? null : SessionConfig.Of(options with { Target = address }) };
        using var status = new NativeStatus();
        nint server = Create(definition.ToByteArray(), status);
        status.Check($"making the server of {job} {task} on {address}");
        NativeMethods.TF_ServerStart(server, status.Handle);
        status.Check($"starting the server of {job} {task} on {address}");
        return new TensorFlowServer(server, Marshal.PtrToStringUTF8(NativeMethods.TF_ServerTarget(server)) ?? "");
    }

    /// <summary>Waits until the process ends: what a parameter server does.</summary>
    public void Join()
    {
        using var status = new NativeStatus();
        NativeMethods.TF_ServerJoin(handle, status.Handle);
        status.Check("waiting for the server's end");
    }

    // TensorFlow says only that it could not start; it listens on every address of the machine.
    private static void RequireFreePort(string address, string job, int task)
    {
        int port = int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new AlexNetException($"Task {task} of job '{job}' is to listen on port {port} ({address}): {error.Message}. End the process that has the port, or name another in the cluster.", error);
        }
    }

    private static unsafe nint Create(byte[] definition, NativeStatus status)
    {
        fixed (byte* at = definition) return NativeMethods.TF_NewServer(at, (nuint)definition.Length, status.Handle);
    }
}
