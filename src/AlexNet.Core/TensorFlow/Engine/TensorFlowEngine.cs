using AlexNetTF.Execution;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// TensorFlow itself: the graph is made in it op by op, variables live in its session. Runs that write variables exclude
/// all others, as in the managed engine, because TensorFlow updates reference variables in place.
/// </summary>
internal sealed unsafe class TensorFlowEngine : IEngine
{
    private readonly Graph graph;
    private readonly NativeGraph native;
    private readonly NativeSession session;
    private readonly ReaderWriterLockSlim gate = new(LockRecursionPolicy.NoRecursion);
    private readonly List<NativePlan> plans = [];
    private readonly RandomCounters random = new();
    private bool disposed;

    public TensorFlowEngine(Graph graph, SessionOptions options)
    {
        if (options.Precision != Precision.Float32) throw new AlexNetException($"Precision.{options.Precision} needs Engine.Managed; Engine.TensorFlow computes as the graph says.");
        this.graph = graph;
        DeviceChoice device = DeviceChoice.Parse(options.Device);
        native = new NativeGraph();
        try
        {
            session = new NativeSession(native, options);
            if (device.Kind == DeviceKind.Gpu) RequireGpu(options.Device);
        }
        catch
        {
            session?.Dispose();
            native.Dispose();
            throw;
        }
    }

    public NDArray?[] Run(ReadOnlySpan<Fetch> fetches, Feeds? feeds, RunTrace? trace, CancellationToken cancellation)
    {
        NativeTrace? notes = trace is null ? null : new NativeTrace();
        cancellation.ThrowIfCancellationRequested();
        NativePlan plan = FindPlan(fetches, feeds);
        var results = new NDArray?[fetches.Length];
        var arrays = new NDArray[plan.Fed.Length];
        for (int i = 0; i < arrays.Length; i++) arrays[i] = FeedValues.Prepare(plan.Fed[i], feeds!.Find(plan.Fed[i])!);
        if (plan.IsEmpty)
        {
            notes?.WriteTo(trace!);
            return plan.Collect(results, [], arrays);
        }

        List<TensorHandle> values = [.. plan.Fed.Zip(arrays, NativeTensors.OfFeed)];
        Enter(plan.IsExclusive);
        try
        {
            values.AddRange(plan.Draws.Select(random.Feed));
            NDArray[] outputs = session.Run(plan.Inputs, [.. values], plan.Outputs, plan.Targets, plan.Doing, notes);
            for (int i = 0; i < plan.Draws.Length; i++) random.Advance(plan.Draws[i], outputs[outputs.Length - plan.Draws.Length + i]);
            cancellation.ThrowIfCancellationRequested();
            plan.Collect(results, outputs, arrays);
            notes?.WriteTo(trace!);
            return results;
        }
        finally
        {
            Exit(plan.IsExclusive);
            foreach (TensorHandle value in values) value.Dispose();
            GC.KeepAlive(feeds);
        }
    }

    public void Write(IReadOnlyList<VariableWrite> writes)
    {
        var values = new List<TensorHandle>();
        try
        {
            VariableAccess[] accesses = [.. writes.Select(write => AccessTo(write.Variable))];
            foreach (VariableWrite write in writes)
            {
                TensorHandle value = NativeTensors.Allocate(write.Variable.Output.DType, write.Variable.Output.Shape.ToArray());
                values.Add(value);
                write.Fill((nint)NativeMethods.TF_TensorData(value));
            }

            Enter(writes: true);
            try
            {
                session.Run(Array.ConvertAll(accesses, access => access.Value), [.. values], [], Array.ConvertAll(accesses, access => access.Assign), "writing variables");
            }
            finally
            {
                Exit(writes: true);
            }
        }
        finally
        {
            foreach (TensorHandle value in values) value.Dispose();
        }
    }

    public void Read(IReadOnlyList<Operation> variables, Action<IReadOnlyList<nint>> use)
    {
        // One run: the values are those of one moment.
        NDArray?[] values = Run([.. variables.Select(variable => Fetch.Of(variable.Output))], null, null, CancellationToken.None);
        use(Array.ConvertAll(values, value => (nint)NDArrays.AddressOf(value!)));
        GC.KeepAlive(values);
    }

    public bool IsInitialized(Operation variable)
    {
        VariableAccess access = AccessTo(variable);
        Enter(writes: false);
        try
        {
            return session.Run([], [], [access.IsInitialized], [], $"asking for {variable}")[0].GetAtIndex<bool>(0);
        }
        finally
        {
            Exit(writes: false);
        }
    }

    public IReadOnlyDictionary<string, ulong> GetRandomCounters() => random.Values;

    public void SetRandomCounters(IReadOnlyDictionary<string, ulong> counters)
    {
        foreach ((string name, ulong sample) in counters)
        {
            if (sample != 0 && graph.HasOperation(name) && graph.GetOperation(name).Type == NativeRandom.Shuffle)
            {
                throw new RunException(
                    RunErrorCode.Unimplemented,
                    $"{NativeRandom.Shuffle} '{name}' is to go on at sample {sample}; TensorFlow's C API cannot set where it stands. Go on with Engine.Managed.");
            }
        }

        random.Values = counters;
    }

    public void Dispose()
    {
        if (disposed) return;
        gate.EnterWriteLock();
        disposed = true;
        session.Dispose();
        native.Dispose();
        gate.ExitWriteLock();
        gate.Dispose();
    }

    private NativePlan FindPlan(ReadOnlySpan<Fetch> fetches, Feeds? feeds)
    {
        EngineState.ThrowIfDisposed(disposed);
        lock (plans)
        {
            foreach (NativePlan known in plans)
            {
                if (known.Matches(fetches, feeds)) return known;
            }

            foreach (Fetch fetch in fetches) RequireOwn(fetch.Op);
            foreach (KeyValuePair<Tensor, NDArray> feed in feeds ?? []) RequireOwn(feed.Key.Op);
            var plan = new NativePlan(native, fetches, [.. (feeds ?? []).Select(feed => feed.Key)]);
            if (plans.Count >= NativePlan.MostKept) plans.RemoveAt(0);
            plans.Add(plan);
            return plan;
        }
    }

    private VariableAccess AccessTo(Operation variable)
    {
        EngineState.ThrowIfDisposed(disposed);
        lock (plans)
        {
            RequireOwn(variable);
            return native.AccessTo(variable);
        }
    }

    private void RequireOwn(Operation op)
    {
        if (op.Graph != graph) throw new GraphException($"{op} stands in another graph than the session's.");
    }

    private void RequireGpu(string device)
    {
        IReadOnlyList<TensorFlowDevice> devices = session.ListDevices();
        if (devices.Any(item => item.Type == "GPU")) return;
        throw new AlexNetException(
            $"Device '{device}' is not there: TensorFlow {TensorFlowLibrary.Version} ({TensorFlowLibrary.File}) shows {string.Join(", ", devices.Select(item => item.Name))}. "
            + "A GPU needs a library built for it, such as SciSharp.TensorFlow.Redist-Windows-GPU, with the CUDA and cuDNN versions that it names.");
    }

    private void Enter(bool writes)
    {
        if (writes) gate.EnterWriteLock();
        else gate.EnterReadLock();
    }

    private void Exit(bool writes)
    {
        if (writes) gate.ExitWriteLock();
        else gate.ExitReadLock();
    }
}
