using System.Reflection;
using System.Reflection.Emit;

namespace Shortline.LocalEngine;

/// <summary>The class of the calls of one method, as its proxy uses it.</summary>
/// <param name="Type">The class.</param>
/// <param name="Arguments">Its fields for the arguments, in order.</param>
/// <param name="EmitNew">Emits what puts a new or used call on the stack.</param>
/// <param name="Send">The method of the reference that sends it and returns what the proxy returns.</param>
/// <param name="ReturnedInstead">Where the caller does not wait: what the proxy returns at once; null if nothing.</param>
internal sealed record CallClass(
    Type Type, FieldInfo[] Arguments, Action<ILGenerator> EmitNew, MethodInfo Send, MethodInfo? ReturnedInstead);
