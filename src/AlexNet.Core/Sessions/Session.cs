using System.Buffers;
using AlexNetTF.Execution;
using AlexNetTF.TensorFlow;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Runs a graph and holds its variables' values. Runs may come from many threads at once; a run that writes variables
/// waits for the others and they for it.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly IEngine engine;

    /// <summary>Opens a session on a graph.</summary>
    /// <param name="graph">The graph; <see cref="Graph.Default"/> if null.</param>
    /// <param name="options">Engine, threads, precision.</param>
    /// <exception cref="AlexNetException">The engine is not available here, or an option needs the other one.</exception>
    public Session(Graph? graph = null, SessionOptions? options = null)
    {
        Graph = graph ?? Graph.Default;
        Options = options ?? new SessionOptions();
        engine = Options.Engine == AlexNetTF.Engine.TensorFlow ? new TensorFlowEngine(Graph, Options) : new ManagedEngine(Graph, RequireManaged(Options));
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; }

    /// <summary>The choices that the session was opened with.</summary>
    public SessionOptions Options { get; }

    internal IEngine Engine => engine;

    /// <summary>Computes one tensor.</summary>
    /// <param name="fetch">The tensor.</param>
    /// <param name="feeds">Values for placeholders or any other tensors.</param>
    /// <param name="cancellationToken">
    /// Ends the run early, between two ops. With <see cref="AlexNetTF.Engine.TensorFlow"/>, whose C API cannot end a
    /// single run, it is looked at before and after: a run that has begun is completed, variables are changed by all of it, and then
    /// this is thrown.
    /// </param>
    /// <returns>A new array that nobody else holds.</returns>
    /// <exception cref="RunException">An op fails, a placeholder is not fed, a variable has no value.</exception>
    /// <exception cref="OperationCanceledException">The token ended the run; variables hold what the ops that had run gave them.</exception>
    public NDArray Run(Tensor fetch, Feeds? feeds = null, CancellationToken cancellationToken = default) =>
        engine.Run([fetch], feeds, null, cancellationToken)[0]!;

    /// <summary>Computes one tensor and notes where the time goes.</summary>
    /// <param name="fetch">The tensor.</param>
    /// <param name="feeds">Values for placeholders or any other tensors.</param>
    /// <param name="trace">Gets the steps' times when the run has ended; a run that fails leaves it as it is.</param>
    /// <param name="cancellationToken">
    /// Ends the run early, between two ops; with <see cref="AlexNetTF.Engine.TensorFlow"/> only before it begins or once it is complete.
    /// </param>
    /// <returns>A new array that nobody else holds.</returns>
    /// <exception cref="RunException">An op fails, a placeholder is not fed, a variable has no value.</exception>
    /// <exception cref="OperationCanceledException">The token ended the run; variables hold what the ops that had run gave them.</exception>
    public NDArray Run(Tensor fetch, Feeds? feeds, RunTrace trace, CancellationToken cancellationToken = default) =>
        engine.Run([fetch], feeds, Required(trace), cancellationToken)[0]!;

    /// <summary>Runs an operation, such as an initializer or a training step.</summary>
    /// <inheritdoc cref="Run(Tensor, Feeds?, CancellationToken)"/>
    public void Run(Operation target, Feeds? feeds = null, CancellationToken cancellationToken = default) =>
        engine.Run([target], feeds, null, cancellationToken);

    /// <summary>Runs an operation, such as a training step, and notes where the time goes.</summary>
    /// <inheritdoc cref="Run(Tensor, Feeds?, RunTrace, CancellationToken)"/>
    public void Run(Operation target, Feeds? feeds, RunTrace trace, CancellationToken cancellationToken = default) =>
        engine.Run([target], feeds, Required(trace), cancellationToken);

    /// <summary>Computes several tensors in one run.</summary>
    /// <returns>New arrays in the order of the fetches.</returns>
    /// <inheritdoc cref="Run(Tensor, Feeds?, CancellationToken)"/>
    public NDArray[] Run(Tensor[] fetches, Feeds? feeds = null, CancellationToken cancellationToken = default) =>
        RunTensors(fetches, feeds, null, cancellationToken);

    /// <summary>Computes several tensors in one run and notes where the time goes.</summary>
    /// <returns>New arrays in the order of the fetches.</returns>
    /// <inheritdoc cref="Run(Tensor, Feeds?, RunTrace, CancellationToken)"/>
    public NDArray[] Run(Tensor[] fetches, Feeds? feeds, RunTrace trace, CancellationToken cancellationToken = default) =>
        RunTensors(fetches, feeds, Required(trace), cancellationToken);

    /// <summary>Computes tensors and runs operations in one run.</summary>
    /// <returns>New arrays in the order of the fetches; null in an operation's place.</returns>
    /// <inheritdoc cref="Run(Tensor, Feeds?, CancellationToken)"/>
    public NDArray?[] Run(Fetch[] fetches, Feeds? feeds = null, CancellationToken cancellationToken = default) =>
        engine.Run(fetches, feeds, null, cancellationToken);

    /// <summary>Computes tensors and runs operations in one run and notes where the time goes.</summary>
    /// <returns>New arrays in the order of the fetches; null in an operation's place.</returns>
    /// <inheritdoc cref="Run(Tensor, Feeds?, RunTrace, CancellationToken)"/>
    public NDArray?[] Run(Fetch[] fetches, Feeds? feeds, RunTrace trace, CancellationToken cancellationToken = default) =>
        engine.Run(fetches, feeds, Required(trace), cancellationToken);

    /// <summary>Frees the variables and all memory; results handed out stay.</summary>
    public void Dispose() => engine.Dispose();

    private static SessionOptions RequireManaged(SessionOptions options)
    {
        if (options.Target.Length > 0) throw new AlexNetException($"Target '{options.Target}' needs Engine.TensorFlow: the managed engine computes in this process.");
        if (DeviceChoice.Parse(options.Device).Kind == DeviceKind.Gpu) throw new AlexNetException($"Device '{options.Device}' needs Engine.TensorFlow: the managed engine computes on the CPU.");
        return options;
    }

    private static RunTrace Required(RunTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return trace;
    }

    private NDArray[] RunTensors(Tensor[] tensors, Feeds? feeds, RunTrace? trace, CancellationToken cancellationToken)
    {
        Fetch[] fetches = ArrayPool<Fetch>.Shared.Rent(tensors.Length);
        try
        {
            for (int i = 0; i < tensors.Length; i++) fetches[i] = tensors[i];
            return engine.Run(fetches.AsSpan(0, tensors.Length), feeds, trace, cancellationToken)!;
        }
        finally
        {
            ArrayPool<Fetch>.Shared.Return(fetches, clearArray: true);
        }
    }
}
