namespace AlexNetTF;

/// <summary>One run of a kernel: typed views of its inputs, outputs and scratch memory, valid only during the run.</summary>
public sealed unsafe class KernelContext
{
    private readonly KernelSpec spec;
    private readonly int[] inputSlots;
    private readonly int[] outputSlots;
    private readonly IRunState state;
    private readonly int step;

    internal KernelContext(KernelSpec spec, int[] inputSlots, int[] outputSlots, int step, IRunState state)
    {
        this.spec = spec;
        this.inputSlots = inputSlots;
        this.outputSlots = outputSlots;
        this.step = step;
        this.state = state;
    }

    /// <summary>Ends the run early; long kernels look at it between blocks.</summary>
    public CancellationToken CancellationToken => state.Cancellation;

    /// <summary>How many threads the kernel may use, 0 for all cores.</summary>
    internal int Threads => state.Threads;

    internal byte* Workspace => state.Workspace;

    /// <summary>Type and sizes of an input.</summary>
    public TensorInfo InputInfo(int index) => spec.Input(index);

    /// <summary>Type and sizes of an output.</summary>
    public TensorInfo OutputInfo(int index) => spec.Output(index);

    /// <summary>The elements of an input in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The input's element type is not <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> Input<T>(int index)
        where T : unmanaged
    {
        Check<T>(spec.Input(index), "Input", index);
        return new ReadOnlySpan<T>(InputPointer(index), checked((int)spec.Input(index).Count));
    }

    /// <summary>The elements of an output in row-major order, to be written.</summary>
    /// <exception cref="InvalidOperationException">The output's element type is not <typeparamref name="T"/>.</exception>
    public Span<T> Output<T>(int index)
        where T : unmanaged
    {
        Check<T>(spec.Output(index), "Output", index);
        return new Span<T>(OutputPointer(index), checked((int)spec.Output(index).Count));
    }

    /// <summary>A variable's elements, to be updated in place; the op lists the input in <see cref="OpDef.WrittenInputs"/>.</summary>
    public Span<T> Written<T>(int input)
        where T : unmanaged
    {
        Check<T>(spec.Input(input), "Input", input);
        return new Span<T>(InputPointer(input), checked((int)spec.Input(input).Count));
    }

    /// <summary>One string of an input.</summary>
    internal byte[] InputString(int input, int index = 0) => state.GetString(((long*)InputPointer(input))[index]);

    /// <summary>Sets one string of an output.</summary>
    internal void SetOutputString(int output, int index, byte[] value) => ((long*)OutputPointer(output))[index] = state.AddString(value);

    /// <summary>The scratch memory that the kernel asked for, on a 64-byte boundary; its content is undefined.</summary>
    public Span<T> Scratch<T>(int count)
        where T : unmanaged
    {
        if ((long)count * sizeof(T) > state.WorkspaceBytes)
        {
            throw new InvalidOperationException($"{spec.OpType} '{spec.Node}' asks for {(long)count * sizeof(T)} bytes of scratch memory; its kernel's WorkspaceBytes reserved {state.WorkspaceBytes}.");
        }

        return new Span<T>(state.Workspace, count);
    }

    /// <summary>An error of the run: op type and node are added to the problem.</summary>
    public RunException Error(string problem) => spec.Error(problem);

    internal void* InputPointer(int index) => state.Pointer(inputSlots[index]);

    internal void* OutputPointer(int index) => state.Pointer(outputSlots[index]);

    /// <summary>
    /// A form derived from an input (filters transformed for Winograd): kept for a variable or constant until it changes,
    /// computed into the scratch memory at <paramref name="scratchOffset"/> for any other tensor.
    /// </summary>
    internal byte* Derived(int input, DerivedForm form, long scratchOffset) =>
        state.Derived(inputSlots[input], form, (byte*)InputPointer(input), state.Workspace + scratchOffset);

    /// <summary>Whether the variable that an input refers to has a value.</summary>
    internal bool IsInitialized(int input) => state.IsInitialized(inputSlots[input]);

    /// <summary>Moves this op's random counter on by a number of samples and gives where it stood.</summary>
    internal ulong AdvanceRandom(ulong samples) => state.AdvanceRandom(step, samples);

    private void Check<T>(TensorInfo info, string what, int index)
        where T : unmanaged
    {
        if (DTypes.Of<T>() != info.Type)
        {
            throw new InvalidOperationException($"{what} {index} of {spec.OpType} '{spec.Node}' holds {info.Type.Name()}, not {typeof(T).Name}.");
        }
    }
}

/// <summary>A form computed from a tensor's values: equal forms of one tensor are computed once.</summary>
internal abstract unsafe record DerivedForm(long Bytes)
{
    /// <summary>Computes the form.</summary>
    public abstract void Compute(byte* source, byte* destination, int threads);
}

/// <summary>The state of one run that kernels reach through their context.</summary>
internal unsafe interface IRunState
{
    CancellationToken Cancellation { get; }

    int Threads { get; }

    byte* Workspace { get; }

    long WorkspaceBytes { get; }

    void* Pointer(int slot);

    byte* Derived(int slot, DerivedForm form, byte* source, byte* scratch);

    bool IsInitialized(int slot);

    ulong AdvanceRandom(int step, ulong samples);

    byte[] GetString(long reference);

    long AddString(byte[] value);
}
