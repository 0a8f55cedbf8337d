using System.Reflection;
using AlexNetTF.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace AlexNetTF.Architecture.Tests;

/// <summary>All of <c>src</c> as one compilation, and every place in it that names something from another folder or library.</summary>
internal static class Sources
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string Root = Path.Combine(Golden.Repository, "src");

    private static readonly Lazy<CSharpCompilation> Compiled = new(Compile);

    private static readonly Lazy<IReadOnlyList<Use>> All = new(() => [.. Compiled.Value.SyntaxTrees.Where(IsOurs).AsParallel().SelectMany(UsesOf)]);

    private static int _unknown;

    /// <summary>Every use; computed once.</summary>
    public static IReadOnlyList<Use> Uses => All.Value;

    /// <summary>Names whose declaration is not found, for instance members that source generators add: these uses are missed.</summary>
    public static int Unknown => Uses.Count > 0 ? _unknown : 0;

    /// <summary>The source files, by their paths below src.</summary>
    public static IEnumerable<(string File, SyntaxNode Root)> Files => Compiled.Value.SyntaxTrees.Where(IsOurs).Select(t => (t.FilePath, t.GetRoot()));

    private static CSharpCompilation Compile()
    {
        CSharpParseOptions options = new(LanguageVersion.Preview);
        IEnumerable<SyntaxTree> trees = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(Root, path).Replace('\\', '/')))
            .Where(f => IsSource(f.Name))
            .Select(f => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(f.Path)), options, f.Name));
        IEnumerable<PortableExecutableReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("AlexNet", StringComparison.OrdinalIgnoreCase))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "AlexNet",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Hand-written files, and of the generated ones those made from .proto files by this build's configuration.</summary>
    private static bool IsSource(string name)
    {
        if (name.Contains("/bin/", StringComparison.Ordinal))
            return false;
        if (!name.Contains("/obj/", StringComparison.Ordinal))
            return true;
        string file = Path.GetFileName(name);
        bool byCompiler = file.EndsWith(".g.cs", StringComparison.Ordinal) || file.Contains("Assembly", StringComparison.Ordinal);
        return name.Contains($"/obj/{Configuration}/net", StringComparison.Ordinal) && !byCompiler;
    }

    private static string Configuration { get; } =
        typeof(Sources).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static bool IsOurs(SyntaxTree tree) => tree.FilePath.Length > 0 && !tree.FilePath.Contains("/obj/", StringComparison.Ordinal);

    private static IEnumerable<Use> UsesOf(SyntaxTree tree)
    {
        SemanticModel model = Compiled.Value.GetSemanticModel(tree);
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or BaseObjectCreationExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or ElementAccessExpressionSyntax))
                continue;
            SymbolInfo found = model.GetSymbolInfo(node);
            if (found.Symbol is not { } symbol)
            {
                if (node is SimpleNameSyntax && found.CandidateSymbols.IsEmpty)
                    Interlocked.Increment(ref _unknown);
                continue;
            }

            if (symbol is INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol)
                continue;
            int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            string? library = symbol.DeclaringSyntaxReferences.IsEmpty ? symbol.ContainingAssembly?.Name : null;
            string[] targets = [.. symbol.DeclaringSyntaxReferences.Select(r => r.SyntaxTree.FilePath).Where(f => f.Length > 0)];
            if (library is not null || targets.Length > 0)
                yield return new Use(tree.FilePath, line, symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), targets, library);
        }
    }
}

/// <summary>A place in a source file that names something declared elsewhere.</summary>
/// <param name="File">The file, below src.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Symbol">What is named.</param>
/// <param name="Targets">The files that declare it (several for a partial type); empty for a library's.</param>
/// <param name="Library">The library that declares it, or null.</param>
internal sealed record Use(string File, int Line, string Symbol, string[] Targets, string? Library)
{
    /// <inheritdoc/>
    public override string ToString() => $"src/{File}({Line}): {Symbol}";
}
