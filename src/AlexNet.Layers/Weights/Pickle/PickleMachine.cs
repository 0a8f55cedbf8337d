using System.Globalization;

namespace AlexNetTF.Weights;

/// <summary>
/// Interprets a pickle (protocols 0 to 5) by a fixed list of opcodes. It builds lists, tuples, dictionaries and what
/// a dialect makes of a fixed list of names; it never runs anything. Strings stay in the file. The number of steps,
/// and with it memory, is bounded by the file's length.
/// </summary>
internal sealed partial class PickleMachine
{
    private const int HighestProtocol = 5;

    private readonly PickleCursor _cursor;
    private readonly PickleDialect _dialect;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private long _steps;
    private long _opcodeAt;

    public PickleMachine(PickleCursor cursor, PickleDialect dialect)
    {
        _cursor = cursor;
        _dialect = dialect;
        _steps = 10_000 + ((cursor.End - cursor.Position) / 16);
    }

    public WeightBytes File => _cursor.File;

    /// <summary>Where the opcode stands that is being carried out.</summary>
    public long Position => _opcodeAt;

    /// <summary>Runs to the STOP opcode and gives the object that is left.</summary>
    /// <exception cref="FileFormatException">An opcode or global is not allowed, or the pickle is damaged.</exception>
    public object? Run()
    {
        while (true)
        {
            _opcodeAt = _cursor.Position;
            byte opcode = _cursor.ReadByte();
            if (_steps-- == 0)
            {
                throw Error("the pickle has more parts than weights have");
            }

            if (opcode == '.')
            {
                return Pop();
            }

            Step(opcode);
        }
    }

    /// <summary>An error at the opcode that is being carried out.</summary>
    public FileFormatException Error(string problem) => _cursor.File.Error(_opcodeAt, problem);

    private void Step(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\x80': CheckProtocol(_cursor.ReadByte()); break;
            case '\x95': CheckFrame(_cursor.ReadUInt64()); break;
            case '(': _marks.Add(_stack.Count); break;
            case '0': PopAny(); break;
            case '1': PopToMark(); break;
            case '2': Push(Peek()); break;
            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'K': Push((long)_cursor.ReadByte()); break;
            case 'M': Push((long)_cursor.ReadUInt16()); break;
            case 'J': Push((long)_cursor.ReadInt32()); break;
            case '\x8a': Push(LongInteger(_cursor.ReadBytes(_cursor.ReadByte()))); break;
            case 'G': Push(_cursor.ReadDoubleBigEndian()); break;
            case 'I': Push(IntegerOrBoolean(_cursor.ReadLine())); break;
            case 'L': Push(Integer(_cursor.ReadLine().TrimEnd('L'))); break;
            case 'F': Push(Real(_cursor.ReadLine())); break;
            case ')': Push(new PickleTuple([])); break;
            case '\x85': Push(new PickleTuple([Pop()])); break;
            case '\x86': PushTuple(2); break;
            case '\x87': PushTuple(3); break;
            case 't': Push(new PickleTuple(PopToMark())); break;
            case ']': Push(new PickleList([])); break;
            case 'l': Push(new PickleList([.. PopToMark()])); break;
            case 'a': Append([Pop()]); break;
            case 'e': Append(PopToMark()); break;
            case '}': Push(new PickleDictionary([])); break;
            case 'd': PushDictionary(PopToMark()); break;
            case 's': SetItem(); break;
            case 'u': SetItems(PopToMark()); break;
            case 'R': Reduce(); break;
            case '\x81': NewObject(); break;
            case 'b': Build(); break;
            case 'Q': Push(_dialect.Load(this, Pop())); break;
            case 'c': PushGlobal(_cursor.ReadLine(), _cursor.ReadLine()); break;
            case '\x93': StackGlobal(); break;
            default: StepStringOrMemo(opcode); break;
        }
    }

    private void StepStringOrMemo(byte opcode)
    {
        switch ((char)opcode)
        {
            case 'U': PushBlob(_cursor.ReadByte(), BlobCoding.Bytes); break;
            case 'T': PushBlob(Length(_cursor.ReadInt32()), BlobCoding.Bytes); break;
            case 'C': PushBlob(_cursor.ReadByte(), BlobCoding.Bytes); break;
            case 'B': PushBlob(_cursor.ReadUInt32(), BlobCoding.Bytes); break;
            case '\x8e' or '\x96': PushBlob(_cursor.ReadUInt64(), BlobCoding.Bytes); break;
            case '\x8c': PushBlob(_cursor.ReadByte(), BlobCoding.Text); break;
            case 'X': PushBlob(_cursor.ReadUInt32(), BlobCoding.Text); break;
            case '\x8d': PushBlob(_cursor.ReadUInt64(), BlobCoding.Text); break;
            case 'S': PushQuoted(); break;
            case 'V': PushTextLine(); break;
            case 'q': Memoize(_cursor.ReadByte()); break;
            case 'r': Memoize(_cursor.ReadUInt32()); break;
            case 'p': Memoize(MemoIndex(_cursor.ReadLine())); break;
            case '\x94': Memoize((uint)_memo.Count); break;
            case 'h': Recall(_cursor.ReadByte()); break;
            case 'j': Recall(_cursor.ReadUInt32()); break;
            case 'g': Recall(MemoIndex(_cursor.ReadLine())); break;
            default: throw Error($"the opcode 0x{opcode:x2} is not among those that weights need; nothing of the pickle is run");
        }
    }

    private void CheckProtocol(byte protocol)
    {
        if (protocol > HighestProtocol)
        {
            throw Error($"pickle protocol {protocol} is unknown; 0 to {HighestProtocol} are read");
        }
    }

    private void CheckFrame(ulong length)
    {
        if (length > (ulong)(_cursor.End - _cursor.Position))
        {
            throw Error($"a frame claims {length:N0} bytes, but only {_cursor.End - _cursor.Position:N0} follow");
        }
    }

    private ulong Length(int length) => length >= 0 ? (ulong)length : throw Error($"a string claims {length} bytes");

    private long LongInteger(ReadOnlySpan<byte> littleEndian)
    {
        if (littleEndian.Length > sizeof(long))
        {
            throw Error($"an integer of {littleEndian.Length} bytes; at most {sizeof(long)} are read");
        }

        long value = 0;
        for (int i = littleEndian.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | littleEndian[i];
        }

        int unused = 64 - (8 * littleEndian.Length);
        return unused is 0 or 64 ? value : value << unused >> unused;
    }

    /// <summary>Protocols 0 and 1 write True and False as I01 and I00.</summary>
    private object IntegerOrBoolean(string text) => text switch
    {
        "00" => false,
        "01" => true,
        _ => Integer(text),
    };

    private long Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Error($"'{text}' is no integer below 2^63");

    private double Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Error($"'{text}' is no number");

    private uint MemoIndex(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint index) ? index : throw Error($"'{text}' is no memo index");
}
