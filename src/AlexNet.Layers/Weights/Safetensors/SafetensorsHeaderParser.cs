using System.Text.Json;

namespace AlexNetTF.Weights;

/// <summary>Reads the JSON header token by token, accepting its schema only.</summary>
internal ref struct SafetensorsHeaderParser
{
    private const string MetadataKey = "__metadata__";

    private readonly WeightBytes _file;
    private readonly long _start;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;

    public SafetensorsHeaderParser(WeightBytes file, long start, byte[] header)
    {
        _file = file;
        _start = start;
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
    }

    public SafetensorsHeader Parse()
    {
        try
        {
            return ParseRoot();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw Error($"the header is no JSON of the expected form: {e.Message}");
        }
    }

    private SafetensorsHeader ParseRoot()
    {
        var tensors = new List<SafetensorsTensor>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject);
        while (Next() == JsonTokenType.PropertyName)
        {
            string name = Name();
            if (name == MetadataKey)
            {
                ParseMetadata(metadata);
            }
            else
            {
                tensors.Add(ParseTensor(name));
                WeightEntries.RequireFewer(_file, _start, tensors.Count);
            }
        }

        if (_json.Read())
        {
            throw Error("something follows the header's object");
        }

        return new SafetensorsHeader(tensors, metadata);
    }

    private void ParseMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonTokenType.StartObject);
        while (Next() == JsonTokenType.PropertyName)
        {
            string key = _json.GetString()!;
            Expect(JsonTokenType.String);
            metadata[key] = _json.GetString()!;
        }
    }

    private SafetensorsTensor ParseTensor(string name)
    {
        ElementType? type = null;
        long[]? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject);
        while (Next() == JsonTokenType.PropertyName)
        {
            switch (_json.GetString())
            {
                case "dtype": type = ParseType(name); break;
                case "shape": shape = ParseIntegers(); break;
                case "data_offsets": offsets = ParseIntegers(); break;
                case var key: throw Error($"'{name}' has the unknown property '{key}'");
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
        {
            throw Error($"'{name}' lacks dtype, shape or the two data_offsets");
        }

        return new SafetensorsTensor(name, type.Value, shape, begin, end);
    }

    private ElementType ParseType(string name)
    {
        Expect(JsonTokenType.String);
        string text = _json.GetString()!;
        return text switch
        {
            "F32" => ElementType.Float32,
            "F64" => ElementType.Float64,
            "F16" => ElementType.Float16,
            "BF16" => ElementType.BFloat16,
            "I8" => ElementType.Int8,
            "I16" => ElementType.Int16,
            "I32" => ElementType.Int32,
            "I64" => ElementType.Int64,
            "U8" => ElementType.UInt8,
            "U16" => ElementType.UInt16,
            "U32" => ElementType.UInt32,
            "U64" => ElementType.UInt64,
            "BOOL" => ElementType.Boolean,
            _ => throw Error($"'{name}' has the type '{text}', which is not read; F32, F64, F16, BF16, I8–I64, U8–U64 and BOOL are"),
        };
    }

    private long[] ParseIntegers()
    {
        Expect(JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (Next() == JsonTokenType.Number)
        {
            long number = _json.GetInt64();
            numbers.Add(number >= 0 && numbers.Count < Shapes.MaximumRank
                ? number
                : throw Error($"the number {number} is negative, or one of more than {Shapes.MaximumRank}"));
        }

        return _json.TokenType == JsonTokenType.EndArray ? [.. numbers] : throw Error("a list of integers holds something else");
    }

    private string Name()
    {
        string name = _json.GetString()!;
        return _names.Add(name) ? name : throw Error($"'{name}' comes twice");
    }

    private JsonTokenType Next() => _json.Read() ? _json.TokenType : throw Error("the header ends in the middle");

    private void Expect(JsonTokenType type)
    {
        if (Next() != type)
        {
            throw Error($"{_json.TokenType} stands where {type} belongs");
        }
    }

    private readonly FileFormatException Error(string problem) => _file.Error(_start + _json.TokenStartIndex, problem);
}
