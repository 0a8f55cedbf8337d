namespace AlexNetTF;

/// <summary>Whether <c>GetVariable</c> makes variables or finds those that exist.</summary>
public enum Reuse
{
    /// <summary>As the enclosing scope says; at the root, variables are made and must not exist yet. TensorFlow's None and False.</summary>
    Inherit,

    /// <summary>Variables must exist; TensorFlow's True.</summary>
    Existing,

    /// <summary>Variables are made where they do not exist; TensorFlow's AUTO_REUSE.</summary>
    Auto,
}
