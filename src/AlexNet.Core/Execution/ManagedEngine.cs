using System.Runtime.CompilerServices;
using NumSharp;

namespace AlexNetTF.Execution;

/// <summary>The engine written in C#: prunes, plans and runs with this library's kernels.</summary>
internal sealed unsafe class ManagedEngine(Graph graph, SessionOptions options) : IEngine
{
    private const int MostPlans = 64;
    private readonly List<Plan> plans = [];
    private readonly Dictionary<Operation, VariableSlot> variables = [];
    private readonly Dictionary<string, StrongBox<ulong>> randomCounters = new(StringComparer.Ordinal);
    private readonly ReaderWriterLockSlim gate = new(LockRecursionPolicy.NoRecursion);
    private readonly KernelOptions kernelOptions = new(options.AllowWinograd, options.Threads);
    private bool disposed;

    public SessionOptions Options { get; } = options;

    public DerivedForms Derived { get; } = new();

    public NDArray?[] Run(ReadOnlySpan<Fetch> fetches, Feeds? feeds, RunTrace? trace, CancellationToken cancellation)
    {
        StepTimes? times = trace is null ? null : new StepTimes();
        EngineState.ThrowIfDisposed(disposed);
        Plan plan = FindPlan(fetches, feeds);
        TensorData[] sizes = SizesFor(plan, feeds, cancellation);
        Program program = plan.Find(feeds, sizes) ?? MakeProgram(plan, feeds, ref sizes, cancellation);
        Frame frame = plan.Rent(this, program);
        try
        {
            NDArray?[] results = Run(plan, program, frame, feeds, times, cancellation);
            if (trace is not null) times!.WriteTo(trace, program);
            return results;
        }
        finally
        {
            plan.Return(program, frame);
        }
    }

    /// <summary>The program that a run would execute, in words.</summary>
    public string Describe(ReadOnlySpan<Fetch> fetches, Feeds? feeds)
    {
        Plan plan = FindPlan(fetches, feeds);
        TensorData[] sizes = SizesFor(plan, feeds, CancellationToken.None);
        return PlanText.Of(plan.Find(feeds, sizes) ?? MakeProgram(plan, feeds, ref sizes, CancellationToken.None));
    }

    public void Write(IReadOnlyList<VariableWrite> writes)
    {
        var filled = new List<(VariableSlot Slot, OwnedMemory Memory)>();
        try
        {
            foreach (VariableWrite write in writes)
            {
                VariableSlot slot = SlotOf(write.Variable);
                OwnedMemory? mapped = write.Map?.Invoke();
                OwnedMemory memory = mapped ?? new AlignedMemory(slot.Bytes);
                filled.Add((slot, memory));
                if (mapped is null) write.Fill((nint)memory.Pointer);
            }
        }
        catch
        {
            foreach ((_, OwnedMemory memory) in filled) memory.Dispose();
            throw;
        }

        gate.EnterWriteLock();
        try
        {
            foreach ((VariableSlot slot, OwnedMemory memory) in filled) slot.Replace(memory);
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    public void Read(IReadOnlyList<Operation> variables, Action<IReadOnlyList<nint>> use)
    {
        VariableSlot[] slots = [.. variables.Select(SlotOf)];
        gate.EnterReadLock();
        try
        {
            EngineState.ThrowIfDisposed(disposed);
            if (Array.Find(slots, slot => !slot.Initialized) is { } missing) throw NoValue(missing, "whose values are asked for");
            use(Array.ConvertAll(slots, slot => (nint)slot.Memory.Pointer));
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>Hands a variable's memory over to the caller; the variable has no value then.</summary>
    public OwnedMemory? Release(Operation variable)
    {
        gate.EnterWriteLock();
        try
        {
            return SlotOf(variable).Release();
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    public bool IsInitialized(Operation variable) => SlotOf(variable).Initialized;

    public IReadOnlyDictionary<string, ulong> GetRandomCounters()
    {
        lock (randomCounters) return randomCounters.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal);
    }

    public void SetRandomCounters(IReadOnlyDictionary<string, ulong> counters)
    {
        lock (randomCounters)
        {
            randomCounters.Clear();
            foreach ((string name, ulong value) in counters) randomCounters.Add(name, new StrongBox<ulong>(value));
        }
    }

    /// <summary>Moves a random op's counter on and gives where it stood.</summary>
    public ulong AdvanceRandom(string node, ulong samples)
    {
        lock (randomCounters)
        {
            if (!randomCounters.TryGetValue(node, out StrongBox<ulong>? counter)) randomCounters.Add(node, counter = new StrongBox<ulong>());
            ulong start = counter.Value;
            counter.Value += samples;
            return start;
        }
    }

    public void Dispose()
    {
        if (disposed) return;
        gate.EnterWriteLock();
        disposed = true;
        foreach (Plan plan in plans) plan.Dispose();
        foreach (VariableSlot slot in variables.Values) slot.Dispose();
        Derived.Dispose();
        gate.ExitWriteLock();
        gate.Dispose();
    }

    private static NDArray?[] Results(Plan plan, Frame frame)
    {
        var results = new NDArray?[plan.Fetches.Length];
        int tensors = 0;
        for (int i = 0; i < results.Length; i++)
        {
            if (plan.Fetches[i].Tensor is not null) results[i] = frame.Result(tensors++);
        }

        return results;
    }

    private static void RequireInitialized(Program program)
    {
        foreach ((VariableSlot variable, string reader) in program.Reads)
        {
            // The message is made for the error only: this runs before every run.
            if (!variable.Initialized) throw NoValue(variable, $"which {reader} reads");
        }
    }

    private static RunException NoValue(VariableSlot variable, string use) => new(
        RunErrorCode.FailedPrecondition,
        $"The variable '{variable.Variable.Name}', {use}, has no value. Run graph.GlobalVariablesInitializer() or load weights first.");

    private NDArray?[] Run(Plan plan, Program program, Frame frame, Feeds? feeds, StepTimes? times, CancellationToken cancellation)
    {
        List<NDArray>? copies = null;
        frame.Begin();
        for (int i = 0; i < plan.Fed.Count; i++)
        {
            NDArray given = feeds!.Find(plan.Fed[i])!;
            NDArray array = FeedValues.Prepare(plan.Fed[i], given);
            if (!ReferenceEquals(array, given)) (copies ??= []).Add(array);
            if (plan.Fed[i].DType == DType.String) frame.SetFeed(i, StringValues.ToBytes(array));
            else frame.SetFeed(i, NDArrays.AddressOf(array));
        }

        if (program.Writes) gate.EnterWriteLock();
        else gate.EnterReadLock();
        try
        {
            EngineState.ThrowIfDisposed(disposed);
            RequireInitialized(program);
            frame.Execute(times, cancellation);
            return Results(plan, frame);
        }
        finally
        {
            if (program.Writes) gate.ExitWriteLock();
            else gate.ExitReadLock();
            GC.KeepAlive(feeds);
            GC.KeepAlive(copies);
        }
    }

    private Plan FindPlan(ReadOnlySpan<Fetch> fetches, Feeds? feeds)
    {
        lock (plans)
        {
            for (int i = plans.Count - 1; i >= 0; i--)
            {
                if (plans[i].Matches(fetches, feeds)) return plans[i];
            }

            foreach (Fetch fetch in fetches) RequireOwn(fetch.Op);
            foreach (KeyValuePair<Tensor, NDArray> feed in feeds ?? []) RequireOwn(feed.Key.Op);
            var plan = new Plan(fetches, [.. (feeds ?? []).Select(feed => feed.Key)]);
            if (plans.Count >= MostPlans)
            {
                plans[0].Dispose();
                plans.RemoveAt(0);
            }

            plans.Add(plan);
            return plan;
        }
    }

    private void RequireOwn(Operation op)
    {
        if (op.Graph != graph) throw new GraphException($"{op} stands in another graph than the session's.");
    }

    // The values of tensors that decide sizes, by runs of their own.
    private TensorData[] SizesFor(Plan plan, Feeds? feeds, CancellationToken cancellation)
    {
        if (plan.SizeTensors.Count == 0) return [];
        Tensor[] tensors = [.. plan.SizeTensors];
        List<Operation> ancestors = Pruning.Prune(Array.ConvertAll(tensors, Fetch.Of), plan.Fed.ToHashSet());
        if (ancestors.Find(op => op.Def.WrittenInputs.Count > 0 || (op.Def.IsStateful && !op.Def.IsVariable)) is { } stateful)
        {
            throw new RunException(RunErrorCode.Unimplemented, $"The sizes of a tensor depend on {stateful}, which differs from run to run. Fetch the sizes first and feed them.");
        }

        NDArray?[] values = Run(Array.ConvertAll(tensors, Fetch.Of), feeds, null, cancellation);
        return Array.ConvertAll(values, value => TensorData.From(value!));
    }

    private Program MakeProgram(Plan plan, Feeds? feeds, ref TensorData[] sizes, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var known = plan.SizeTensors.Zip(sizes).ToDictionary(pair => pair.First, pair => pair.Second);
                List<(Tensor, int[])> fed = [.. plan.Fed.Select(tensor => (tensor, FeedValues.DimsOf(tensor, FeedValues.Prepare(tensor, feeds!.Find(tensor)!))))];
                var builder = new PlanBuilder(SlotOf);
                if (builder.Build(plan.Operations, plan.Fetches, fed, known) is { } graph)
                {
                    var program = new Program(Options.Fuse ? Fusions.Apply(graph, Options.Precision) : graph, kernelOptions, sizes);
                    plan.Add(program);
                    return program;
                }

                plan.AddSizeTensors(builder.NeededValues);
            }
            catch (TensorNeededException needed)
            {
                plan.AddSizeTensors([needed.Tensor]);
            }

            sizes = SizesFor(plan, feeds, cancellation);
        }
    }

    private VariableSlot SlotOf(Operation variable)
    {
        if (variable.Output.DType == DType.String) throw new RunException(RunErrorCode.Unimplemented, $"The variable '{variable.Name}' holds strings; a session of this engine keeps numbers only.");
        lock (variables)
        {
            if (!variables.TryGetValue(variable, out VariableSlot? slot)) variables.Add(variable, slot = new VariableSlot(variable));
            return slot;
        }
    }
}
