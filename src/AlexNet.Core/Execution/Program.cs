namespace AlexNetTF.Execution;

/// <summary>Last stage: kernels in order with the places of their inputs and outputs; what a run executes.</summary>
internal sealed class Program
{
    private readonly int[][] feedDims;
    private readonly TensorData[] sizes;
    private readonly HashSet<VariableSlot> written;

    /// <param name="graph">The plan after fusions.</param>
    /// <param name="options">What kernels obey.</param>
    /// <param name="sizes">The values of the tensors that decide sizes, in the order of the plan's list.</param>
    public Program(PlanGraph graph, KernelOptions options, IReadOnlyList<TensorData> sizes)
    {
        feedDims = [.. graph.Feeds.Select(feed => feed.Info.Dims)];
        this.sizes = [.. sizes];
        Kernel[] kernels = MakeKernels(graph, options, out KernelSpec[] specs);
        Memory = MemoryPlan.Make(graph, kernels);
        Steps = [.. graph.Nodes.Select((node, i) => new Step(node, kernels[i], specs[i]))];
        FeedSlots = [.. graph.Feeds.Select(feed => feed.Slot)];
        Fetched = [.. graph.Fetched];
        WorkspaceBytes = kernels.Select(kernel => kernel.WorkspaceBytes).DefaultIfEmpty(0).Max();
        VariableSlots = [.. Enumerable.Range(0, Memory.SlotCount).Where(slot => Memory.StorageOf(slot) == Storage.Variable).Select(slot => (slot, Memory.OwnerOf(slot).Variable!))];
        Reads = [.. FindReads()];
        HoldsStrings = graph.Feeds.Concat(graph.Fetched).Concat(graph.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs))).Any(value => value.Info.Type == DType.String);
        Writes = Steps.Any(step => step.Written.Length > 0);
        written = [.. Steps.SelectMany(step => step.Written.Select(input => VariableAt(step.Node.Inputs[input].Slot))).OfType<VariableSlot>()];
    }

    public MemoryPlan Memory { get; }

    public Step[] Steps { get; }

    public int[] FeedSlots { get; }

    public PlanValue[] Fetched { get; }

    public long WorkspaceBytes { get; }

    public (int Slot, VariableSlot Variable)[] VariableSlots { get; }

    /// <summary>Variables that are read before this program itself gives them a value, with the reader's name.</summary>
    public (VariableSlot Variable, string Reader)[] Reads { get; }

    /// <summary>Whether some value holds strings.</summary>
    public bool HoldsStrings { get; }

    /// <summary>Whether a variable is written, so that no other run may go on beside.</summary>
    public bool Writes { get; }

    /// <summary>
    /// Whether the program only gives variables values, as an initializer does. It is seldom run again, so its memory, as large as the
    /// largest variable, is not kept for that.
    /// </summary>
    public bool IsInitializer => Writes && Reads.Length == 0 && FeedSlots.Length == 0 && Fetched.Length == 0;

    /// <summary>Whether the variable is written, so that what is derived from its values is old after each run.</summary>
    public bool Changes(VariableSlot variable) => written.Contains(variable);

    /// <summary>Whether the program was made for feeds of these sizes and for these values of the tensors that decide sizes.</summary>
    public bool Fits(Tensor[] fed, Feeds? feeds, ReadOnlySpan<TensorData> values)
    {
        for (int i = 0; i < fed.Length; i++)
        {
            if (fed[i].DType != DType.String && !NDArrays.HasDims(feeds!.Find(fed[i])!, feedDims[i])) return false;
        }

        if (sizes.Length != values.Length) return false;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!sizes[i].SameAs(values[i])) return false;
        }

        return true;
    }

    private static Kernel[] MakeKernels(PlanGraph graph, KernelOptions options, out KernelSpec[] specs)
    {
        var kernels = new Kernel[graph.Nodes.Count];
        specs = new KernelSpec[kernels.Length];
        for (int i = 0; i < kernels.Length; i++)
        {
            PlanNode node = graph.Nodes[i];
            specs[i] = new KernelSpec(
                node.Name,
                node.Def.Type,
                [.. node.Inputs.Select(input => input.Info)],
                [.. node.Outputs.Select(output => output.Info)],
                index => node.Inputs[index].Constant,
                options);
            try
            {
                kernels[i] = node.Def.CreateKernel(specs[i]);
            }
            catch (ValueNeededException needed) when (node.Inputs[needed.Input].Source is { } source)
            {
                throw new TensorNeededException(source);
            }
        }

        return kernels;
    }

    private IEnumerable<(VariableSlot Variable, string Reader)> FindReads()
    {
        var settled = new HashSet<VariableSlot>();
        foreach (Step step in Steps)
        {
            for (int i = 0; i < step.Node.Inputs.Count; i++)
            {
                if (VariableAt(step.Node.Inputs[i].Slot) is { } variable && !step.Node.Def.AllowsUninitialized(i) && settled.Add(variable))
                {
                    yield return (variable, step.Node.Name);
                }
            }

            foreach (int written in step.Written)
            {
                if (VariableAt(step.Node.Inputs[written].Slot) is { } variable) settled.Add(variable);
            }
        }

        foreach (PlanValue value in Fetched)
        {
            if (VariableAt(value.Slot) is { } variable && settled.Add(variable)) yield return (variable, "a fetch");
        }
    }

    private VariableSlot? VariableAt(int slot) => Memory.StorageOf(slot) == Storage.Variable ? Memory.OwnerOf(slot).Variable : null;
}

/// <summary>One kernel of a program.</summary>
internal sealed class Step(PlanNode node, Kernel kernel, KernelSpec spec)
{
    public PlanNode Node { get; } = node;

    public Kernel Kernel { get; } = kernel;

    public KernelSpec Spec { get; } = spec;

    public int[] Written { get; } = [.. node.Def.WrittenInputs];
}

/// <summary>A kernel cannot be made without a tensor's value.</summary>
internal sealed class TensorNeededException(Tensor tensor) : Exception($"The value of {tensor.Name} is needed.")
{
    public Tensor Tensor { get; } = tensor;
}
