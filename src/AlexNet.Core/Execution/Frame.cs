using AlexNetTF.Kernels;
using NumSharp;

namespace AlexNetTF.Execution;

/// <summary>The memory of one run of a program; frames are reused, so that a steady state allocates nothing but results.</summary>
internal sealed unsafe class Frame : IRunState, IDisposable
{
    private readonly ManagedEngine engine;
    private readonly Program program;
    private readonly AlignedMemory arena;
    private readonly nint[] pointers;
    private readonly KernelContext[] contexts;
    private readonly RunStrings? strings;

    public Frame(ManagedEngine engine, Program program)
    {
        this.engine = engine;
        this.program = program;
        MemoryPlan memory = program.Memory;
        arena = new AlignedMemory(memory.ArenaBytes + program.WorkspaceBytes);
        pointers = new nint[memory.SlotCount];
        if (program.HoldsStrings) strings = new RunStrings();
        for (int slot = 0; slot < pointers.Length; slot++)
        {
            pointers[slot] = memory.StorageOf(slot) switch
            {
                Storage.Arena => (nint)(arena.Pointer + memory.OffsetOf(slot)),
                Storage.Constant when memory.OwnerOf(slot).Constant is { Type: DType.String } texts => strings!.Keep(texts),
                Storage.Constant => (nint)memory.OwnerOf(slot).Constant!.Memory.Pointer,
                _ => 0,
            };
        }

        contexts = new KernelContext[program.Steps.Length];
        for (int i = 0; i < contexts.Length; i++)
        {
            PlanNode node = program.Steps[i].Node;
            contexts[i] = new KernelContext(
                program.Steps[i].Spec,
                [.. node.Inputs.Select(input => input.Slot)],
                [.. node.Outputs.Select(output => output.Slot)],
                i,
                this);
        }
    }

    public CancellationToken Cancellation { get; private set; }

    public int Threads => engine.Options.Threads;

    public byte* Workspace => arena.Pointer + program.Memory.ArenaBytes;

    public long WorkspaceBytes => program.WorkspaceBytes;

    public void* Pointer(int slot) => (void*)pointers[slot];

    public byte* Derived(int slot, DerivedForm form, byte* source, byte* scratch)
    {
        PlanValue owner = program.Memory.OwnerOf(slot);
        switch (program.Memory.StorageOf(slot))
        {
            case Storage.Variable when !program.Changes(owner.Variable!):
                return engine.Derived.Get(owner.Variable!, owner.Variable!.Version, form, source, Threads);
            case Storage.Constant:
                return engine.Derived.Get(owner.Constant!, 0, form, source, Threads);
            default:
                form.Compute(source, scratch, Threads);
                return scratch;
        }
    }

    public bool IsInitialized(int slot) => program.Memory.OwnerOf(slot).Variable is not { Initialized: false };

    public ulong AdvanceRandom(int step, ulong samples) => engine.AdvanceRandom(program.Steps[step].Node.Name, samples);

    public byte[] GetString(long reference) => strings!.Get(reference);

    public long AddString(byte[] value) => strings!.Add(value);

    /// <summary>Forgets the strings of the run before.</summary>
    public void Begin() => strings?.Begin();

    public void SetFeed(int index, void* values) => SetPointer(program.FeedSlots[index], values);

    /// <summary>Feeds a single string.</summary>
    public void SetFeed(int index, byte[] text) => SetFeed(index, (void*)strings!.AddFeed(text));

    /// <summary>Runs all steps.</summary>
    /// <param name="times">Where given, notes when each step begins and the last one ends.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    public void Execute(StepTimes? times, CancellationToken cancellation)
    {
        Cancellation = cancellation;
        using Workers.Seat seat = Workers.Enter();
        foreach ((int slot, VariableSlot variable) in program.VariableSlots) pointers[slot] = (nint)variable.Memory.Pointer;
        times?.Begin(contexts.Length);
        for (int i = 0; i < contexts.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step step = program.Steps[i];
            times?.Mark(i);
            step.Kernel.Run(contexts[i]);
            foreach (int written in step.Written) VariableOf(step.Node.Inputs[written])?.MarkWritten();
        }

        times?.Mark(contexts.Length);
    }

    public NDArray Result(int index)
    {
        PlanValue value = program.Fetched[index];
        if (value.Info.Type == DType.String) return StringResult(value);
        return NDArrays.Copy(value.Info.Type, value.Info.Dims, (void*)pointers[value.Slot]);
    }

    public void Dispose()
    {
        arena.Dispose();
        strings?.Dispose();
    }

    private NDArray StringResult(PlanValue value) => value.Info.Rank == 0
        ? StringValues.FromBytes(GetString(*(long*)pointers[value.Slot]))
        : throw new RunException(RunErrorCode.Unimplemented, $"A fetch of shape [{string.Join(",", value.Info.Dims)}] holds strings; only single strings can be fetched. Take one with ArrayOps.GetItem.");

    // Every alias of a feed has a slot of its own.
    private void SetPointer(int feedSlot, void* values)
    {
        PlanValue owner = program.Memory.OwnerOf(feedSlot);
        for (int slot = 0; slot < pointers.Length; slot++)
        {
            if (program.Memory.OwnerOf(slot) == owner) pointers[slot] = (nint)values;
        }
    }

    private VariableSlot? VariableOf(PlanValue value) =>
        program.Memory.StorageOf(value.Slot) == Storage.Variable ? program.Memory.OwnerOf(value.Slot).Variable : null;
}
