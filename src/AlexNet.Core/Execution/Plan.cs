namespace AlexNetTF.Execution;

/// <summary>What is kept for one set of fetches and fed tensors: the pruned operations, and a program per set of sizes.</summary>
internal sealed class Plan : IDisposable
{
    private const int MostPrograms = 16;
    private readonly Fetch[] fetches;
    private readonly Tensor[] fed;
    private readonly List<Entry> programs = [];

    public Plan(ReadOnlySpan<Fetch> fetches, Tensor[] fed)
    {
        this.fetches = fetches.ToArray();
        this.fed = fed;
        Operations = Pruning.Prune(fetches, fed.ToHashSet());
    }

    public IReadOnlyList<Operation> Operations { get; }

    public ReadOnlySpan<Fetch> Fetches => fetches;

    public IReadOnlyList<Tensor> Fed => fed;

    /// <summary>Tensors whose values decide sizes; grows as programs are made.</summary>
    public List<Tensor> SizeTensors { get; } = [];

    public bool Matches(ReadOnlySpan<Fetch> asked, Feeds? feeds)
    {
        if (!asked.SequenceEqual(fetches) || (feeds?.Count ?? 0) != fed.Length) return false;
        for (int i = 0; i < fed.Length; i++)
        {
            if (feeds!.Find(fed[i]) is null) return false;
        }

        return true;
    }

    public Program? Find(Feeds? feeds, ReadOnlySpan<TensorData> sizes)
    {
        lock (programs)
        {
            foreach (Entry entry in programs)
            {
                if (entry.Program.Fits(fed, feeds, sizes)) return entry.Program;
            }

            return null;
        }
    }

    /// <summary>Keeps a program; the one unused for longest goes where there are too many.</summary>
    public void Add(Program program)
    {
        lock (programs)
        {
            if (programs.Count >= MostPrograms)
            {
                programs[0].Dispose();
                programs.RemoveAt(0);
            }

            programs.Add(new Entry(program));
        }
    }

    /// <summary>Another tensor decides sizes: programs made without its value no longer have comparable keys.</summary>
    public void AddSizeTensors(IEnumerable<Tensor> tensors)
    {
        lock (programs)
        {
            SizeTensors.AddRange(tensors.Where(tensor => !SizeTensors.Contains(tensor)));
            foreach (Entry entry in programs) entry.Dispose();
            programs.Clear();
        }
    }

    public Frame Rent(ManagedEngine engine, Program program)
    {
        lock (programs)
        {
            if (EntryOf(program) is { } entry && entry.Idle.TryPop(out Frame? frame)) return frame;
        }

        return new Frame(engine, program);
    }

    public void Return(Program program, Frame frame)
    {
        lock (programs)
        {
            if (!program.IsInitializer && EntryOf(program) is { } entry)
            {
                entry.Idle.Push(frame);
                return;
            }
        }

        frame.Dispose();
    }

    public void Dispose()
    {
        lock (programs)
        {
            foreach (Entry entry in programs) entry.Dispose();
            programs.Clear();
        }
    }

    // Moves the entry to the end: the list is in order of last use.
    private Entry? EntryOf(Program program)
    {
        for (int i = programs.Count - 1; i >= 0; i--)
        {
            Entry entry = programs[i];
            if (entry.Program != program) continue;
            programs.RemoveAt(i);
            programs.Add(entry);
            return entry;
        }

        return null;
    }

    private sealed class Entry(Program program) : IDisposable
    {
        public Program Program { get; } = program;

        public Stack<Frame> Idle { get; } = [];

        public void Dispose()
        {
            foreach (Frame frame in Idle) frame.Dispose();
            Idle.Clear();
        }
    }
}
