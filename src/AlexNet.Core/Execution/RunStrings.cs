namespace AlexNetTF.Execution;

/// <summary>
/// The strings of a frame's runs. A string tensor's elements are references of eight bytes into this list, so that ops
/// which only move elements move strings too; reference 0 is the empty string.
/// </summary>
internal sealed unsafe class RunStrings : IDisposable
{
    private readonly List<byte[]> strings = [[]];
    private readonly Dictionary<TensorData, AlignedMemory> constants = [];
    private readonly List<AlignedMemory> feeds = [];
    private int permanent = 1;
    private int fed;

    /// <summary>The references of a constant's strings, which stay from run to run.</summary>
    public nint Keep(TensorData constant)
    {
        if (!constants.TryGetValue(constant, out AlignedMemory? memory))
        {
            memory = new AlignedMemory(constant.Count * sizeof(long));
            for (int i = 0; i < constant.Strings.Length; i++) ((long*)memory.Pointer)[i] = Add(constant.Strings[i]);
            constants.Add(constant, memory);
            permanent = strings.Count;
        }

        return (nint)memory.Pointer;
    }

    /// <summary>Forgets the strings of the run before.</summary>
    public void Begin()
    {
        strings.RemoveRange(permanent, strings.Count - permanent);
        fed = 0;
    }

    public byte[] Get(long reference) => strings[checked((int)reference)];

    public long Add(byte[] value)
    {
        strings.Add(value);
        return strings.Count - 1;
    }

    /// <summary>The place of a reference to a fed string.</summary>
    public nint AddFeed(byte[] value)
    {
        if (fed == feeds.Count) feeds.Add(new AlignedMemory(sizeof(long)));
        byte* place = feeds[fed++].Pointer;
        *(long*)place = Add(value);
        return (nint)place;
    }

    public void Dispose()
    {
        foreach (AlignedMemory memory in constants.Values.Concat(feeds)) memory.Dispose();
    }
}
