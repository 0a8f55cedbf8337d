using System.Text.RegularExpressions;

namespace AlexNetTF.Weights;

/// <summary>A tensor by its name in PyTorch's layout: filters out × in × height × width, dense weights out × in.</summary>
internal sealed record NamedTensor(string Name, TensorLayout Layout, StoredTensor Stored);

/// <summary>
/// PyTorch's names and layouts to TensorFlow's. Names that tell the layer (conv1.weight, fc6.bias) are followed;
/// torchvision's AlexNet (features.0 …, classifier.1 …) is numbered conv1 to fc8.
/// </summary>
internal sealed partial class TorchWeights
{
    private const int Convolutions = 5, DenseLayers = 3;
    private const string Weight = "weight", Bias = "bias";

    private static readonly string[] Wrappers = ["module.", "_orig_mod.", "model.", "net.", "network."];

    private readonly List<NamedTensor> _tensors;
    private readonly List<string> _convolutions;
    private readonly List<string> _dense;
    private readonly List<string> _notes = [];

    private TorchWeights(List<NamedTensor> tensors)
    {
        _tensors = WithoutWrappers(tensors);
        _convolutions = Layers(rank: 4);
        _dense = Layers(rank: 2);
    }

    /// <summary>Whether the names are PyTorch's: each ends in .weight, .bias or a buffer's name, and at least one in .weight.</summary>
    public static bool LooksLike(IEnumerable<string> names) =>
        names.Any(name => name.EndsWith(".weight", StringComparison.Ordinal)) && !names.Any(name => name.Contains('/', StringComparison.Ordinal));

    public static (List<WeightEntry> Entries, WeightHints Hints) Map(List<NamedTensor> tensors)
    {
        var weights = new TorchWeights(tensors);
        Dictionary<string, string> names = weights.LayerNames();
        List<WeightEntry> entries = [.. weights._tensors.Select(tensor => weights.Entry(tensor, names))];
        return (entries, weights.Hints());
    }

    private WeightEntry Entry(NamedTensor tensor, Dictionary<string, string> names)
    {
        (string layer, string parameter) = Split(tensor.Name);
        string called = names.GetValueOrDefault(layer, layer);
        TensorLayout layout = (parameter, tensor.Layout.Shape.Length) switch
        {
            (Weight, 4) => tensor.Layout.FilterFromOihw(),
            (Weight, 2) => Dense(layer, tensor.Layout.DenseFromOutIn()),
            _ => tensor.Layout,
        };
        return new WeightEntry(called, Weights.LayerNames.Parameter(parameter), tensor.Name, tensor.Layout, layout, tensor.Stored);
    }

    private TensorLayout Dense(string layer, TensorLayout layout)
    {
        if (_convolutions.Count == 0 || layer != _dense[0])
        {
            return layout;
        }

        string last = _convolutions[^1];
        long channels = _tensors.Find(tensor => tensor.Name == $"{last}.{Weight}")!.Layout.Shape[0];
        return FirstDense.Rows(layout, channels, layer, last, _notes);
    }

    private Dictionary<string, string> LayerNames()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_convolutions.Concat(_dense).All(name => Telling().IsMatch(name)) || !HasStructure)
        {
            return names;
        }

        for (int i = 0; i < Convolutions; i++)
        {
            names[_convolutions[i]] = $"conv{i + 1}";
        }

        for (int i = 0; i < DenseLayers; i++)
        {
            names[_dense[i]] = $"fc{Convolutions + i + 1}";
        }

        return names;
    }

    private bool HasStructure => _convolutions.Count == Convolutions && _dense.Count == DenseLayers;

    private WeightHints Hints()
    {
        bool isTorchvision = HasStructure
            && _convolutions.All(name => name.StartsWith("features.", StringComparison.Ordinal))
            && _dense.All(name => name.StartsWith("classifier.", StringComparison.Ordinal));
        return new WeightHints
        {
            Network = isTorchvision ? "torchvision's AlexNet" : null,
            Topology = isTorchvision ? "OneWeirdTrick" : null,
            Notes = _notes,
        };
    }

    /// <summary>The layers whose weight has the rank, by number where only numbers tell their names apart, else in the file's order.</summary>
    private List<string> Layers(int rank)
    {
        List<string> layers = [.. _tensors
            .Where(tensor => tensor.Layout.Shape.Length == rank && Split(tensor.Name).Parameter == Weight)
            .Select(tensor => Split(tensor.Name).Layer)];
        bool sameStem = layers.Select(name => Digits().Replace(name, "#")).Distinct(StringComparer.Ordinal).Count() == 1;
        return sameStem ? [.. layers.OrderBy(name => Digits().Replace(name, digits => digits.Value.PadLeft(9, '0')), StringComparer.Ordinal)] : layers;
    }

    private static (string Layer, string Parameter) Split(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
    }

    /// <summary>DataParallel, torch.compile and wrapper classes put a prefix before every name.</summary>
    private static List<NamedTensor> WithoutWrappers(List<NamedTensor> tensors)
    {
        while (Array.Find(Wrappers, prefix => tensors.TrueForAll(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))) is string wrapper
            && tensors.Count > 0)
        {
            tensors = [.. tensors.Select(tensor => tensor with { Name = tensor.Name[wrapper.Length..] })];
        }

        return tensors;
    }

    [GeneratedRegex(@"^(conv|fc)\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Telling();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
