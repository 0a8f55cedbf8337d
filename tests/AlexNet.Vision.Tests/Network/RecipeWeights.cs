using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>The weights that the reference activations were computed with: numbers that follow from names.</summary>
internal static class RecipeWeights
{
    /// <summary>Fills every LAYER/weights and LAYER/biases of the graph.</summary>
    public static void Assign(Session session, string salt) => Assign(session, salt, session.Graph.GlobalVariables());

    /// <summary>Fills some variables.</summary>
    public static void Assign(Session session, string salt, IEnumerable<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            string name = variable.Op.Name;
            double range = RangeOf(name, variable.Shape);
            int[] shape = variable.Shape.ToArray();
            NDArray values = Recipe.Fill(salt + name, shape, -range, range);
            variable.Load(values.reshape(shape), session);
        }
    }

    private static double RangeOf(string name, Shape shape)
    {
        if (name.EndsWith("/biases", StringComparison.Ordinal)) return 0.1;
        return name.Split('/')[0] switch
        {
            "fc6" => 0.0005,
            "fc7" => 0.004,
            "fc8" => 0.08,
            _ => Math.Round(Math.Sqrt(6.0 / (shape[0] * shape[1] * shape[2]).GetValueOrDefault()), 6),
        };
    }
}
