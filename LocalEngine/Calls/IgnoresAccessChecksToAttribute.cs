namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows it by name: the assembly that has it may use what is internal to the assembly it names.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
