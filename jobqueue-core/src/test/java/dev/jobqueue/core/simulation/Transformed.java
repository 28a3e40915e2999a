package dev.jobqueue.core.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The API, the engine, the memory store and this simulation, loaded anew, with one fault planted into one method. */
final class Transformed extends ClassLoader {
    private static final String OWN = "dev.jobqueue.";

    private final Fault fault;
    private int planted;

    /** What to do to a call, or to a method. */
    enum What {
        /** The call is left out; what it would be made on stands for its answer if that is of the same kind. */
        SKIP,
        /** The call is made, and its answer turned round. */
        NEGATE,
        /** The call is left out, and answers true. */
        TRUE,
        /** The call is left out, and answers false. */
        FALSE,
        /** The method does nothing, and returns nothing, false or 0. */
        NOTHING,
        /** The method does nothing, and returns true. */
        YES
    }

    /**
     * A planted fault.
     *
     * @param in the class: {@code core.dispatch.Dispatcher}; and those within it
     * @param method whose code is changed
     * @param call the name of the method called; empty if it is about the whole method
     */
    record Fault(String in, String method, String call, What what) {
        @Override
        public String toString() {
            return in + "." + method + (call.isEmpty() ? "" : ": " + call) + " " + what;
        }
    }

    Transformed(Fault fault) {
        super(Transformed.class.getClassLoader());
        this.fault = fault;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        try (InputStream stream = getParent().getResourceAsStream(path)) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = stream.readAllBytes();
            boolean changed = name.equals(OWN + fault.in()) || name.startsWith(OWN + fault.in() + "$");
            byte[] defined = changed ? changed(code) : code;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many places were changed so far: 0 after a run means that the fault names nothing. */
    int planted() {
        return planted;
    }

    private byte[] changed(byte[] code) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(code)
                .accept(
                        new ClassVisitor(Opcodes.ASM9, writer) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                MethodVisitor method =
                                        super.visitMethod(access, name, descriptor, signature, exceptions);
                                boolean within = name.equals(fault.method())
                                        || name.startsWith("lambda$" + fault.method() + "$");
                                if (!within) {
                                    return method;
                                }
                                return fault.call().isEmpty() ? new Nothing(method, descriptor) : new Calls(method);
                            }
                        },
                        0);
        return writer.toByteArray();
    }

    /** Returns at once. What follows is dead code without frames, so it is left out. */
    private final class Nothing extends MethodVisitor {
        private final MethodVisitor method;
        private final Type answer;

        Nothing(MethodVisitor method, String descriptor) {
            super(Opcodes.ASM9);
            this.method = method;
            this.answer = Type.getReturnType(descriptor);
        }

        @Override
        public void visitCode() {
            planted++;
            method.visitCode();
            switch (answer.getSort()) {
                case Type.VOID -> {}
                case Type.LONG -> method.visitInsn(Opcodes.LCONST_0);
                case Type.OBJECT -> method.visitInsn(Opcodes.ACONST_NULL);
                default -> method.visitInsn(fault.what() == What.YES ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
            }
            method.visitInsn(answer.getOpcode(Opcodes.IRETURN));
            method.visitMaxs(0, 0);
            method.visitEnd();
        }
    }

    private final class Calls extends MethodVisitor {
        Calls(MethodVisitor method) {
            super(Opcodes.ASM9, method);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean inInterface) {
            if (!name.equals(fault.call())) {
                super.visitMethodInsn(opcode, owner, name, descriptor, inInterface);
                return;
            }
            planted++;
            switch (fault.what()) {
                case NEGATE -> {
                    super.visitMethodInsn(opcode, owner, name, descriptor, inInterface);
                    visitInsn(Opcodes.ICONST_1);
                    visitInsn(Opcodes.IXOR);
                }
                case TRUE, FALSE -> {
                    pop(opcode, descriptor);
                    visitInsn(fault.what() == What.TRUE ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
                }
                case SKIP -> {
                    Type answer = Type.getReturnType(descriptor);
                    boolean onItself = answer.getSort() == Type.OBJECT;
                    popArguments(descriptor);
                    if (!onItself && opcode != Opcodes.INVOKESTATIC) {
                        visitInsn(Opcodes.POP);
                    }
                    if (answer.getSort() == Type.INT || answer.getSort() == Type.BOOLEAN) {
                        visitInsn(Opcodes.ICONST_0);
                    } else if (answer.getSort() == Type.LONG) {
                        visitInsn(Opcodes.LCONST_0);
                    }
                }
                case NOTHING, YES -> throw new IllegalStateException("of methods alone");
            }
        }

        private void pop(int opcode, String descriptor) {
            popArguments(descriptor);
            if (opcode != Opcodes.INVOKESTATIC) {
                visitInsn(Opcodes.POP);
            }
        }

        private void popArguments(String descriptor) {
            List<Type> arguments = List.of(Type.getArgumentTypes(descriptor));
            for (int i = arguments.size() - 1; i >= 0; i--) {
                visitInsn(arguments.get(i).getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
            }
        }
    }
}
