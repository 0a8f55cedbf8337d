namespace AlexNetTF.Execution;

/// <summary>
/// Fourth stage: where every value lies. Values that are never alive together share the arena's bytes; a reshape's
/// output is its input's memory; an element-wise op writes over an input that nobody needs any more.
/// </summary>
internal sealed class MemoryPlan
{
    private readonly List<Block> blocks = [];
    private readonly List<Block> blockOfSlot = [];

    private MemoryPlan()
    {
    }

    /// <summary>Bytes of the arena without the kernels' scratch memory.</summary>
    public long ArenaBytes { get; private set; }

    public int SlotCount => blockOfSlot.Count;

    /// <param name="graph">The plan; its values get their slots.</param>
    /// <param name="kernels">One per node.</param>
    public static MemoryPlan Make(PlanGraph graph, IReadOnlyList<Kernel> kernels)
    {
        var plan = new MemoryPlan();
        var lastUse = LastUses(graph);
        foreach (PlanValue feed in graph.Feeds) plan.Leaf(feed);
        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            PlanNode node = graph.Nodes[step];
            foreach (PlanValue input in node.Inputs) plan.Leaf(input);
            foreach (PlanValue output in node.Outputs) plan.Place(output, node, kernels[step], step, lastUse);
        }

        foreach (PlanValue value in graph.Fetched) plan.Leaf(value);
        plan.AssignOffsets();
        return plan;
    }

    public Storage StorageOf(int slot) => blockOfSlot[slot].Storage;

    /// <summary>The value whose memory the slot is: the feed, constant or variable behind aliases.</summary>
    public PlanValue OwnerOf(int slot) => blockOfSlot[slot].Owner;

    /// <summary>Where an arena slot begins.</summary>
    public long OffsetOf(int slot) => blockOfSlot[slot].Offset;

    private static Dictionary<PlanValue, int> LastUses(PlanGraph graph)
    {
        var lastUse = new Dictionary<PlanValue, int>();
        for (int step = 0; step < graph.Nodes.Count; step++)
        {
            foreach (PlanValue input in graph.Nodes[step].Inputs) lastUse[input] = step;
        }

        foreach (PlanValue value in graph.Fetched) lastUse[value] = graph.Nodes.Count;
        return lastUse;
    }

    private void Leaf(PlanValue value)
    {
        if (value.Slot >= 0) return;
        Assign(value, new Block(value, value.Storage, 0, int.MaxValue));
    }

    private void Place(PlanValue output, PlanNode node, Kernel kernel, int step, Dictionary<PlanValue, int> lastUse)
    {
        int last = Math.Max(step, lastUse.GetValueOrDefault(output, step));
        Block? block = null;
        if (output == node.Outputs[0])
        {
            block = kernel.AliasedInput >= 0 ? blockOfSlot[node.Inputs[kernel.AliasedInput].Slot] : Overwritten(output, node, kernel, step);
        }

        if (block is null)
        {
            block = new Block(output, Storage.Arena, step, last);
            blocks.Add(block);
        }

        block.Last = Math.Max(block.Last, last);
        Assign(output, block);

        // Values that share the block count too: the block lives as long as the longest of them.
    }

    private Block? Overwritten(PlanValue output, PlanNode node, Kernel kernel, int step)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            PlanValue input = node.Inputs[i];
            Block block = blockOfSlot[input.Slot];
            if (block.Storage == Storage.Arena && block.Last == step && block.Bytes == output.Info.Bytes && input.Info.Count == output.Info.Count && kernel.MayOverwrite(i))
            {
                return block;
            }
        }

        return null;
    }

    private void Assign(PlanValue value, Block block)
    {
        value.Slot = blockOfSlot.Count;
        blockOfSlot.Add(block);
    }

    // First fit, large blocks first: each goes to the lowest place that no block alive at the same time covers.
    private void AssignOffsets()
    {
        var placed = new List<Block>();
        foreach (Block block in blocks.OrderByDescending(block => block.Bytes).ThenBy(block => block.First))
        {
            long offset = 0;
            foreach (Block other in placed.Where(block.Overlaps).OrderBy(other => other.Offset))
            {
                if (offset + block.Room <= other.Offset) break;
                offset = Math.Max(offset, other.Offset + other.Room);
            }

            block.Offset = offset;
            placed.Add(block);
            ArenaBytes = Math.Max(ArenaBytes, offset + block.Room);
        }
    }

    private sealed class Block(PlanValue owner, Storage storage, int first, int last)
    {
        public PlanValue Owner { get; } = owner;

        public Storage Storage { get; } = storage;

        public long Bytes { get; } = owner.Info.Bytes;

        public int First { get; } = first;

        public int Last { get; set; } = last;

        public long Offset { get; set; }

        public long Room => (Math.Max(Bytes, 1) + AlignedMemory.Alignment - 1) / AlignedMemory.Alignment * AlignedMemory.Alignment;

        public bool Overlaps(Block other) => First <= other.Last && other.First <= Last;
    }
}
