namespace AlexNetTF.Architecture.Tests;

/// <summary>
/// The folders of <c>src</c> and what each may name, besides itself. A longer path decides before a shorter one; a
/// folder that is not listed belongs to the listed one above it.
/// </summary>
internal static class Rooms
{
    private const string Core = "Core/*";
    private const string Layers = "Layers/*";

    /// <summary>
    /// Folder → folders that it may name. <c>Core/*</c> stands for every folder of the project. A listed folder and one
    /// inside it may name each other: the inner one is listed only because it may name more.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayUse = new Dictionary<string, string[]>
    {
        ["Core/Common"] = [],
        ["Core/Kernels"] = ["Core/Common"],
        ["Core/Graph"] = ["Core/Common"],
        ["Core/Ops"] = ["Core/Common", "Core/Graph", "Core/Kernels"],
        ["Core/Sessions"] = ["Core/Common", "Core/Graph", "Core/Execution", "Core/TensorFlow/Engine"],
        ["Core/Variables"] = ["Core/Common", "Core/Graph", "Core/Ops", "Core/Execution", "Core/Sessions"],
        ["Core/Gradients"] = ["Core/Common", "Core/Graph", "Core/Ops", "Core/Variables"],
        ["Core/Optimizers"] = ["Core/Common", "Core/Graph", "Core/Ops", "Core/Gradients", "Core/Variables"],
        ["Core/Execution"] = ["Core/Common", "Core/Graph", "Core/Kernels"],
        ["Core/Execution/Fusions"] = ["Core/Common", "Core/Graph", "Core/Kernels", "Core/Ops"],
        ["Core/TensorFlow"] = ["Core/Common", "Core/Graph", "Core/Ops", "Core/Variables", "Core/Execution", "Core/Sessions"],
        ["Core/TensorFlow/Engine"] = ["Core/Common", "Core/Graph", "Core/Execution"],
        ["Core/Onnx"] = ["Core/Common", "Core/Graph", "Core/Ops", "Core/Variables", "Core/Execution", "Core/Sessions"],
        ["Layers"] = [Core],
        ["Layers/Weights"] = [Core],
        ["Vision"] = [Core, Layers],
        ["Vision/Imaging"] = [Core, "Vision/Labels"],
        ["Vision/Labels"] = ["Core/Common"],
        ["Vision/Classification"] = [Core, Layers, "Vision/Imaging", "Vision/Labels"],
        ["Vision/Datasets"] = [Core, Layers, "Vision/Imaging", "Vision/Labels"],
        ["Vision/FineTuning"] = [Core, Layers, "Vision/Imaging", "Vision/Labels", "Vision/Datasets", "Vision/Classification", "Vision/Reports"],
        ["Vision/Reports"] = [Core, Layers, "Vision/Imaging", "Vision/Labels", "Vision/Datasets", "Vision/Classification"],
        ["Tool"] = [Core, Layers, "Vision/*"],
    };

    /// <summary>Library (assembly name, or its beginning with a star) → the only folders that may name it.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> OnlyIn = new Dictionary<string, string[]>
    {
        ["Google.Protobuf"] = ["Core/TensorFlow", "Core/Onnx", "Layers/Weights"],
        ["SkiaSharp*"] = ["Vision/Imaging"],
        ["HarfBuzzSharp"] = ["Vision/Imaging"],
        ["ScottPlot"] = ["Vision/Reports"],
        ["System.CommandLine"] = ["Tool"],
        ["Spectre.Console*"] = ["Tool"],
        ["NumSharp*"] = ["Core/Graph", "Core/Ops", "Core/Variables", "Core/Execution", "Core/Sessions", "Core/Gradients", "Core/Optimizers", "Core/TensorFlow", "Layers", "Vision", "Tool"],
    };

    /// <summary>The only folders that may call native code.</summary>
    public static readonly string[] Native = ["Core/TensorFlow", "Core/Common"];

    /// <summary>The listed folder that a source file belongs to.</summary>
    /// <param name="path">The path below <c>src</c>, with forward slashes: <c>AlexNet.Core/Graph/Shape.cs</c>.</param>
    public static string Of(string path)
    {
        string folder = path["AlexNet.".Length..path.LastIndexOf('/')];
        for (string at = folder; at.Length > 0; at = at.LastIndexOf('/') is var cut and > 0 ? at[..cut] : "")
        {
            if (MayUse.ContainsKey(at))
                return at;
        }

        return folder;
    }

    /// <summary>Whether one folder may name another.</summary>
    public static bool Allows(string from, string to) =>
        SameHouse(from, to) || (MayUse.TryGetValue(from, out string[]? allowed) && allowed.Any(a => a == to || (a.EndsWith("/*", StringComparison.Ordinal) && IsIn(to, a[..^2]))));

    /// <summary>Whether one of the folders is the other or lies in it.</summary>
    public static bool SameHouse(string one, string other) => IsIn(one, other) || IsIn(other, one);

    /// <summary>Whether a folder is another or lies in it.</summary>
    public static bool IsIn(string folder, string other) => folder == other || folder.StartsWith(other + "/", StringComparison.Ordinal);
}
